import react from "@vitejs/plugin-react";
import { createHash } from "node:crypto";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds a running kari; the built portal is served by kari itself. */
const kari = process.env.KARI_URL ?? "http://127.0.0.1:8080";

const FONT = /src:url\(data:font\/woff2;base64,([A-Za-z0-9+/=]+)\)/g;

/**
 * Cloudscape carries its fonts within its style sheet, which nothing is shown without. As files, a
 * browser fetches the two or three that a page uses, and shows text before they are there.
 */
function fontsAsFiles(): Plugin {
  return {
    name: "fonts-as-files",
    apply: "build",
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== "asset" || !file.fileName.endsWith(".css")) continue;
        file.source = String(file.source).replace(FONT, (_whole, base64: string) => {
          const source = Buffer.from(base64, "base64");
          const name = `font-${createHash("sha256").update(source).digest("hex").slice(0, 12)}.woff2`;
          this.emitFile({ type: "asset", fileName: `assets/${name}`, source });
          return `font-display:swap;src:url(${name})`;
        });
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), fontsAsFiles()],
  server: { proxy: { "/v1": kari, "/config.json": kari } },
  build: {
    target: "es2022",
    // A strict Content-Security-Policy allows no data: scripts and no inlined modules.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
  test: { environment: "node", include: ["tests/**/*.test.ts"] },
});
