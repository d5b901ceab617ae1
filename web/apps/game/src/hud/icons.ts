/** Small pictures of the atlas as elements of the page. */

import { frameStyle } from "@kitewind/art";
import type { Emote } from "@kitewind/sim";
import { atlas } from "virtual:kitewind-atlas";

/** The picture over the head of somebody who makes a gesture. */
export function emoteIcon(emote: Emote): HTMLElement {
  const icon = document.createElement("span");
  const name = `emote.${emote}`;
  if (atlas.frames[name]) icon.style.cssText = frameStyle(atlas, name, 2);
  icon.className = "icon";
  return icon;
}
