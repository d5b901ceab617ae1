/** What a player tells the makers of the page or game that they have open: `sg.feedback`, rules FBK1... of docs/spec/feedback.md. */

export interface Feedback {
  text: string;
  /** Which build of the page this is. */
  build: string;
  /** Where in the game, on one line. */
  position: string;
  /** What the page complained of last. */
  log: string;
  /** A PNG. */
  picture?: Uint8Array | undefined;
}

/** A larger picture is left out: with all else it would not fit into a request. */
export const PICTURE_BYTES_MAX = 150_000;

const TEXT_BYTES_MAX = 4_000;
const LOG_BYTES_MAX = 8_000;
const LINES_KEPT = 50;
const LINE_LETTERS_MAX = 400;

/** The last thing that fits into so many bytes of UTF-8. */
function tail(text: string, bytes: number): string {
  let cut = text;
  while (new TextEncoder().encode(cut).length > bytes) cut = cut.slice(Math.ceil(cut.length / 16));
  return cut;
}

function base64(bytes: Uint8Array): string {
  let letters = "";
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters);
}

/** What the function `sg.feedback` is called with. */
export function messageOf({ text, build, position, log, picture }: Feedback): Record<string, string> {
  const screenshot = picture && picture.length <= PICTURE_BYTES_MAX ? { screenshot: base64(picture) } : {};
  return { text: tail(text.trim(), TEXT_BYTES_MAX), build, position, log: tail(log, LOG_BYTES_MAX), ...screenshot };
}

/** The build by the name of its script, which changes with what is in it: `kitewind index-D3adB33f`. */
export function buildOf(name: string, scripts: Iterable<{ src: string }>): string {
  const files = Array.from(scripts, ({ src }) => src.split("/").at(-1)?.replace(/\.js(\?.*)?$/, "") ?? "");
  return `${name} ${files.find((file) => file !== "") ?? "unbuilt"}`;
}

/** The last complaints of a page, with the seconds since it was opened. */
export class Journal {
  #lines: string[] = [];
  readonly #now: () => number;

  constructor(page: Pick<Window, "addEventListener">, now: () => number = () => performance.now()) {
    this.#now = now;
    page.addEventListener("error", ({ message, filename, lineno }) => this.note(`error: ${message} (${filename.split("/").at(-1)}:${lineno})`));
    page.addEventListener("unhandledrejection", ({ reason }) => this.note(`rejected: ${reason instanceof Error ? reason.message : String(reason)}`));
  }

  note(line: string): void {
    this.#lines = [...this.#lines, `${(this.#now() / 1000).toFixed(1)} s  ${line.slice(0, LINE_LETTERS_MAX)}`].slice(-LINES_KEPT);
  }

  excerpt(): string {
    return this.#lines.join("\n");
  }
}
