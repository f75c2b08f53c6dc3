import type { I18nProviderProps } from "@cloudscape-design/components/i18n";

import type { Language } from "./languages";

export interface Catalogue {
  language: Language;
  messages: Record<string, string>;
  cloudscape: I18nProviderProps.Messages;
}

const SOURCES: Record<Language, () => Promise<Omit<Catalogue, "language">>> = {
  en: async () => {
    const [own, cloudscape] = await Promise.all([
      import("../messages/en.json"),
      import("@cloudscape-design/components/i18n/messages/all.en"),
    ]);
    return { messages: own.default, cloudscape: cloudscape.default };
  },
  ja: async () => {
    const [own, cloudscape] = await Promise.all([
      import("../messages/ja.json"),
      import("@cloudscape-design/components/i18n/messages/all.ja"),
    ]);
    return { messages: own.default, cloudscape: cloudscape.default };
  },
};

export async function load(language: Language): Promise<Catalogue> {
  return { language, ...(await SOURCES[language]()) };
}
