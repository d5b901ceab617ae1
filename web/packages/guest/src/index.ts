/** A guest of this server: who the browser remembers, where its page came from, and why a request failed. */

export * from "./device";
export * from "./endpoint";
export * from "./failure";
export * from "./feedback";
