/** The drawn panels and buttons as CSS variables: `border-image` takes them from there. */

import { palette } from "@kitewind/art";
import { pictures } from "virtual:kitewind-atlas";

const colours = Object.entries(palette).map(([name, value]) => `--${name}:${value}`);
const drawn = Object.entries(pictures).map(([name, { url }]) => `--pic-${name}:url("${url}")`);

export const pictureVariables = [...colours, ...drawn].join(";");
