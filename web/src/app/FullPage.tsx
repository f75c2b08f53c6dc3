import type { ReactNode } from "react";

/** A page without navigation: signed out, or not started yet. */
export function FullPage({ children }: { children: ReactNode }) {
  return (
    <main className="full-page">
      <div className="full-page-inner">{children}</div>
    </main>
  );
}
