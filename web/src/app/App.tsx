import { QueryClientProvider } from "@tanstack/react-query";
import { BrowserRouter } from "react-router";

import { LanguageProvider } from "../i18n/LanguageProvider";
import { SessionGate } from "../session/SessionGate";
import { SignedOutPage } from "../session/SignedOutPage";
import { FlashProvider } from "./flashes";
import { createQueryClient } from "./queryClient";
import { Shell } from "./Shell";

const queryClient = createQueryClient();

export function App() {
  return (
    <LanguageProvider>
      {location.pathname === "/signed-out" ? <SignedOutPage /> : <SignedIn />}
    </LanguageProvider>
  );
}

function SignedIn() {
  return (
    <SessionGate>
      <QueryClientProvider client={queryClient}>
        <BrowserRouter>
          <FlashProvider>
            <Shell />
          </FlashProvider>
        </BrowserRouter>
      </QueryClientProvider>
    </SessionGate>
  );
}
