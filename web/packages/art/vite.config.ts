import { defineConfig } from "vite";
import { artAtlas } from "./src/build/vite.ts";

// For the contact sheet (`vite`, then /contact-sheet.html) and for vitest. The game brings its own configuration.
export default defineConfig({ plugins: [artAtlas()] });
