/**
 * Sprites as text. A `.sprite` file is a list of statements, one a line; `#` begins a comment line.
 *
 *     include kite                     the parts of `parts/kite.sprite`
 *     size 16 18                        frames are this large unless they say otherwise
 *     outline ink                       each frame gets a closed outline of this colour
 *     legend 1 clay  2 gold             letters of the grids; `.` is nothing, `-` wipes
 *     look amber  3 ember               more letters; each look makes all frames anew, as `file-0.frame`, `file-1.frame`, ...
 *     part head                         a grid, up to the next empty line
 *     frame idle.0 = legs@4,14 head@2,0 parts on a frame, later ones on top; `head!@2,0` is mirrored; `big 24x30` before `=` sizes
 *     frame glide = hero@2,9 | string@4,0   what stands after the bar is laid behind, without an outline
 *     frame spark                       a frame of one grid, as large as the grid
 *     animation idle 4 loop = idle.0*3 idle.1
 */

import { type Colour, palette } from "../palette.ts";
import { blank, ink, mirrored, outlined, paste, type Pixels, WIPE } from "../pixels.ts";

export interface Drawn {
  readonly frames: ReadonlyMap<string, Pixels>;
  readonly animations: ReadonlyMap<string, { frames: string[]; fps: number; loop: boolean }>;
}

type Letters = ReadonlyMap<string, Colour>;
interface Placed {
  readonly part: string;
  readonly mirror: boolean;
  readonly x: number;
  readonly y: number;
}

interface Arrangement {
  readonly size: [w: number, h: number] | undefined;
  readonly front: readonly Placed[];
  readonly behind: readonly Placed[];
}

interface Source {
  size: [w: number, h: number];
  outline: Colour | undefined;
  readonly legend: Map<string, Colour>;
  readonly looks: Map<string, Map<string, Colour>>;
  readonly parts: Map<string, string[]>;
  readonly frames: Map<string, Arrangement>;
  readonly animations: Map<string, { frames: string[]; fps: number; loop: boolean }>;
}

/** What the file `name`.sprite draws, under names that begin with `name`, and with the look's number if there are looks. */
export function draw(name: string, text: string): Drawn {
  const source = parse(name, text);
  const frames = new Map<string, Pixels>();
  const animations = new Map<string, { frames: string[]; fps: number; loop: boolean }>();
  const looks: [string, Letters][] = source.looks.size ? [...source.looks.values()].map((letters, look) => [`${name}-${look}`, letters]) : [[name, new Map()]];
  for (const [prefix, letters] of looks) {
    const all = new Map([...source.legend, ...letters]);
    for (const frame of source.frames.keys()) frames.set(join(prefix, frame), compose(source, frame, all));
    for (const [title, animation] of source.animations) animations.set(join(prefix, title), { ...animation, frames: animation.frames.map((frame) => join(prefix, frame)) });
  }
  return { frames, animations };
}

/** The parts of a file alone, for terrain, whose frames follow from rules. */
export function partsOf(name: string, text: string): Map<string, Pixels> {
  const source = parse(name, text);
  return new Map([...source.parts].map(([part, rows]) => [part, pixelsOf(part, rows, source.legend)]));
}

/** A frame named `-` bears the file's own name. */
function join(prefix: string, frame: string): string {
  return frame === "-" ? prefix : `${prefix}.${frame}`;
}

function compose(source: Source, name: string, letters: Letters): Pixels {
  const { size, front, behind } = source.frames.get(name)!;
  const layer = (parts: readonly Placed[]): Pixels => {
    const pixels = blank(...(size ?? source.size));
    for (const { part, mirror, x, y } of parts) {
      const grid = source.parts.get(part);
      if (!grid) throw new Error(`frame ${name} wants a part ${part} that is not there`);
      const drawn = pixelsOf(part, grid, letters);
      paste(pixels, mirror ? mirrored(drawn) : drawn, x, y);
    }
    return pixels;
  };
  const frame = layer(behind);
  paste(frame, source.outline ? outlined(layer(front), source.outline) : layer(front), 0, 0);
  return frame;
}

function pixelsOf(part: string, rows: readonly string[], letters: Letters): Pixels {
  const pixels = blank(Math.max(...rows.map((row) => row.length)), rows.length);
  rows.forEach((row, y) => {
    [...row].forEach((letter, x) => {
      if (letter === ".") return;
      const colour = letters.get(letter);
      if (!colour && letter !== "-") throw new Error(`part ${part}, row ${y + 1}: the letter ${letter} is in no legend`);
      pixels.data[y * pixels.w + x] = colour ? ink(colour) : WIPE;
    });
  });
  return pixels;
}

function parse(file: string, text: string): Source {
  const source: Source = { size: [16, 16], outline: undefined, legend: new Map(), looks: new Map(), parts: new Map(), frames: new Map(), animations: new Map() };
  const lines = text.split("\n").map((line) => line.trimEnd());
  for (let number = 0; number < lines.length; number++) {
    const line = lines[number]!;
    if (!line || line.startsWith("#")) continue;
    try {
      const grid = statement(source, line, () => gridAfter(lines, number));
      if (grid) number += grid.length;
    } catch (error) {
      throw new Error(`${file}.sprite:${number + 1}: ${(error as Error).message}`, { cause: error });
    }
  }
  return source;
}

function gridAfter(lines: readonly string[], number: number): string[] {
  const end = lines.indexOf("", number + 1);
  const rows = lines.slice(number + 1, end < 0 ? undefined : end);
  if (!rows.length) throw new Error("a grid should follow");
  return rows;
}

/** Reads one statement into `source`; returns the rows of the grid that belongs to it. */
function statement(source: Source, line: string, grid: () => string[]): string[] | undefined {
  const [head = "", tail] = line.split(" = ");
  const [word, ...rest] = head.split(/\s+/);
  switch (word) {
    case "size":
      source.size = [Number(rest[0]), Number(rest[1])];
      return undefined;
    case "outline":
      source.outline = colour(rest[0]);
      return undefined;
    case "legend":
      for (const [letter, name] of pairs(rest)) source.legend.set(letter, colour(name));
      return undefined;
    case "look":
      source.looks.set(rest[0]!, new Map(pairs(rest.slice(1)).map(([letter, name]) => [letter, colour(name)])));
      return undefined;
    case "part":
      return keep(source.parts, rest[0]!, grid());
    case "frame":
      return frameOf(source, rest, tail, grid);
    case "animation":
      source.animations.set(rest[0]!, { fps: Number(rest[1]), loop: rest[2] === "loop", frames: times(tail ?? "") });
      return undefined;
    default:
      throw new Error(`what is "${word}"?`);
  }
}

function frameOf(source: Source, [name = "", size]: string[], tail: string | undefined, grid: () => string[]): string[] | undefined {
  if (tail !== undefined) {
    const [w, h] = size?.split("x").map(Number) ?? [];
    const [front = "", behind = ""] = tail.split(" | ");
    source.frames.set(name, { size: w && h ? [w, h] : undefined, front: parts(front), behind: parts(behind) });
    return undefined;
  }
  const rows = keep(source.parts, name, grid());
  const margin = source.outline ? 1 : 0;
  source.frames.set(name, {
    size: [Math.max(...rows.map((row) => row.length)) + 2 * margin, rows.length + 2 * margin],
    front: [{ part: name, mirror: false, x: margin, y: margin }],
    behind: [],
  });
  return rows;
}

function keep(parts: Map<string, string[]>, name: string, rows: string[]): string[] {
  if (parts.has(name)) throw new Error(`${name} is drawn twice`);
  parts.set(name, rows);
  return rows;
}

function parts(text: string): Placed[] {
  return text.split(/\s+/).filter(Boolean).map(placed);
}

function placed(text: string): Placed {
  const match = /^([^!@]+)(!?)@(-?\d+),(-?\d+)$/.exec(text);
  if (!match) throw new Error(`"${text}" is no part@x,y`);
  return { part: match[1]!, mirror: match[2] === "!", x: Number(match[3]), y: Number(match[4]) };
}

function times(tail: string): string[] {
  return tail.split(/\s+/).flatMap((word) => {
    const [name = "", count = "1"] = word.split("*");
    return Array.from({ length: Number(count) }, () => name);
  });
}

function pairs(words: readonly string[]): [string, string][] {
  return Array.from({ length: words.length / 2 }, (_, pair) => [words[2 * pair]!, words[2 * pair + 1]!]);
}

function colour(name: string | undefined): Colour {
  if (!name || !Object.hasOwn(palette, name)) throw new Error(`"${name}" is not in the palette`);
  return name as Colour;
}
