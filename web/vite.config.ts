import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds a running kari; the built portal is served by kari itself. */
const kari = process.env.KARI_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
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
