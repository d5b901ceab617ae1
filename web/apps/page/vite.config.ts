import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// The wheel carries what lands in _web, a folder for each app. Nothing is inlined and no polyfill is injected: the server sends a strict
// Content-Security-Policy, under which only files of its own origin run.
export default defineConfig({
  plugins: [svelte()],
  build: {
    outDir: "../../../src/supergame/_web/page",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    license: { fileName: "assets/licences.txt" }, // what is bundled keeps its notices, as its licences ask
    modulePreload: { polyfill: false },
  },
});
