/** A guest of this server: who the browser remembers, and where the page that it opened came from. */

export * from "./device";
export * from "./endpoint";
