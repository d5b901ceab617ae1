import { artAtlas } from "@kitewind/art/vite";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// Served at /play, from the wheel's folder _web/game. As for the page: nothing is inlined and no polyfill is injected, for the
// server's Content-Security-Policy runs only files of its own origin.
export default defineConfig({
  base: "/play/",
  plugins: [artAtlas(), svelte()],
  build: {
    outDir: "../../../src/supergame/_web/game",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1600, // kB; Phaser is a chunk of its own, fetched behind the splash
    license: { fileName: "assets/licences.txt" },
    modulePreload: { polyfill: false },
  },
});
