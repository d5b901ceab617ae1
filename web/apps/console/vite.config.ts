import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// Served at `/` of the operators' port, from the wheel's folder _web/console. As for the page: nothing is inlined and no polyfill is
// injected, for the server's Content-Security-Policy runs and styles only by files of its own origin.
export default defineConfig({
  plugins: [svelte()],
  build: {
    outDir: "../../../src/supergame/_web/console",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    license: { fileName: "assets/licences.txt" },
    modulePreload: { polyfill: false },
  },
});
