import { I18nProvider } from "@cloudscape-design/components/i18n";
import { createContext, use, useEffect, useState, type ReactNode } from "react";
import { IntlProvider } from "react-intl";

import { readPreference, writePreference } from "../app/preferences";
import { load, type Catalogue } from "./catalogues";
import { chooseLanguage, type Language } from "./languages";

interface LanguageChoice {
  language: Language;
  choose: (language: Language) => void;
}

const Context = createContext<LanguageChoice>({ language: "en", choose: () => undefined });

export const useLanguage = () => use(Context);

/** The browser's language unless somebody chose one here. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(() =>
    chooseLanguage(readPreference("language"), navigator.languages),
  );
  const [catalogue, setCatalogue] = useState<Catalogue>();
  useEffect(() => {
    let wanted = true;
    void load(language).then((loaded) => {
      if (wanted) setCatalogue(loaded);
    });
    document.documentElement.lang = language;
    return () => {
      wanted = false;
    };
  }, [language]);
  if (catalogue === undefined) return null;
  const choose = (chosen: Language) => {
    writePreference("language", chosen);
    setLanguage(chosen);
  };
  return (
    <Context value={{ language, choose }}>
      <IntlProvider locale={catalogue.language} messages={catalogue.messages} defaultLocale="en">
        <I18nProvider locale={catalogue.language} messages={[catalogue.cloudscape]}>
          {children}
        </I18nProvider>
      </IntlProvider>
    </Context>
  );
}
