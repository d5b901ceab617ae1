/** Where the text grids are. */
export const spriteFolder = new URL("../sprites/", import.meta.url);
