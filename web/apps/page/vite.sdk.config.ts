import { defineConfig } from "vite";

// What the pages of titles import, one file at /sdk/supergame.js: it has a name without a hash, for people write it into their pages.
export default defineConfig({
  publicDir: false,
  build: {
    outDir: "../../../src/supergame/_web/sdk",
    emptyOutDir: true,
    target: "es2022",
    lib: { entry: "src/sdk/supergame.ts", formats: ["es"], fileName: () => "supergame.js" },
    license: { fileName: "licences.txt" },
  },
});
