import { QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { createBrowserRouter } from "react-router";
import { RouterProvider } from "react-router/dom";

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

/** Begins at the address that signing in has led back to. A page can ask before it is left only by this router. */
function Routed() {
  const [router] = useState(() =>
    createBrowserRouter([
      {
        path: "*",
        element: (
          <FlashProvider>
            <Shell />
          </FlashProvider>
        ),
      },
    ]),
  );
  return <RouterProvider router={router} />;
}

function SignedIn() {
  return (
    <SessionGate>
      <QueryClientProvider client={queryClient}>
        <Routed />
      </QueryClientProvider>
    </SessionGate>
  );
}
