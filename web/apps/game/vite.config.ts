import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { artAtlas } from "@kitewind/art/vite";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

/** Beside each script and style its compressed twin, which the server sends to whoever takes it: the engine alone is 1.4 MB. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    writeBundle({ dir = "" }) {
      const assets = join(dir, "assets");
      for (const file of readdirSync(assets)) {
        if (/\.(js|css)$/.test(file)) writeFileSync(join(assets, `${file}.gz`), gzipSync(readFileSync(join(assets, file)), { level: 9 }));
      }
    },
  };
}

// Served at /play, from the wheel's folder _web/game. As for the page: nothing is inlined and no polyfill is injected, for the
// server's Content-Security-Policy runs only files of its own origin.
export default defineConfig({
  base: "/play/",
  plugins: [artAtlas(), svelte(), compressed()],
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
