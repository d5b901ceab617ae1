/** The Vite plugin that turns `sprites/*.sprite` into the module `virtual:kitewind-atlas` and a PNG beside the other assets. */

import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { compile, type Sheet } from "./atlas.ts";
import { spriteFolder } from "./folder.ts";
import { pictures } from "./pictures.ts";
import { png } from "./png.ts";

const NAME = "virtual:kitewind-atlas";
const RESOLVED = `\0${NAME}`;

export function artAtlas(): Plugin {
  let building = false;
  return {
    name: "kitewind-atlas",
    configResolved(config) {
      building = config.command === "build";
    },
    resolveId: (id) => (id === NAME ? RESOLVED : undefined),
    load(id) {
      if (id !== RESOLVED) return undefined;
      const sheet = compile();
      const image = png(sheet.pixels);
      const url = building
        ? `import.meta.ROLLUP_FILE_URL_${this.emitFile({ type: "asset", name: "kitewind.png", source: image })}`
        : JSON.stringify(dataUrl(image));
      return moduleOf(sheet, url);
    },
    configureServer(server) {
      server.watcher.add(fileURLToPath(spriteFolder));
    },
    handleHotUpdate({ file, server }) {
      if (!file.endsWith(".sprite")) return;
      const module = server.moduleGraph.getModuleById(RESOLVED);
      if (module) server.moduleGraph.invalidateModule(module);
      server.ws.send({ type: "full-reload" });
    },
  };
}

function moduleOf(sheet: Sheet, url: string): string {
  const { frames, animations, pixels } = sheet;
  const separate = Object.fromEntries(pictures().map(({ name, pixels: { w, h }, image, slice }) => [name, { url: dataUrl(image), w, h, slice }]));
  return `export const atlas = { url: ${url}, ...${JSON.stringify({ width: pixels.w, height: pixels.h, frames, animations })} };
export const pictures = ${JSON.stringify(separate)};`;
}

/** Small pictures travel in the script: the page's policy allows `data:` for images. */
function dataUrl(image: Buffer): string {
  return `data:image/png;base64,${image.toString("base64")}`;
}
