/** PNG files with a palette, written with nothing but zlib. */

import { crc32, deflateSync } from "node:zlib";
import { rgb } from "../palette.ts";
import { colours, type Pixels } from "../pixels.ts";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** An indexed PNG (colour type 3, 8 bits): entry 0 is transparent, the others are the palette. */
export function png(pixels: Pixels): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(pixels.w, 0);
  header.writeUInt32BE(pixels.h, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const entries = Buffer.from([0, 0, 0, ...colours.flatMap((colour) => rgb(colour))]);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", entries),
    chunk("tRNS", Buffer.from([0])),
    chunk("IDAT", deflateSync(scanlines(pixels), { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Each row with the byte in front that says: not filtered. */
function scanlines({ w, h, data }: Pixels): Buffer {
  const rows = Buffer.alloc((w + 1) * h);
  for (let y = 0; y < h; y++) rows.set(data.subarray(y * w, (y + 1) * w), y * (w + 1) + 1);
  return rows;
}

function chunk(kind: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(kind, "latin1"), body]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
