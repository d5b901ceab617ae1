/** Commands of the platform, run as somebody types them, in a folder of their own. */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

const STOPS_WITHIN_MS = 20_000;
const SPEAKS_WITHIN_MS = 60_000;

export class Commands {
  readonly #program: string;
  readonly #folder: string;
  readonly #running: ChildProcess[] = [];

  constructor(program: string, folder: string) {
    [this.#program, this.#folder] = [program, folder];
  }

  /** What a command prints that ends by itself. */
  async run(...words: string[]): Promise<string> {
    return (await promisify(execFile)(this.#program, words, { cwd: this.#folder })).stdout;
  }

  /** Start one that goes on, and wait until what it has printed holds all of these; answers their first groups. */
  async start(words: string[], ...marks: RegExp[]): Promise<string[]> {
    const process = spawn(this.#program, words, { cwd: this.#folder, stdio: ["ignore", "pipe", "inherit"] });
    this.#running.push(process);
    let printed = "";
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${words.join(" ")} has not said ${marks.join(" ")}, but\n${printed}`)), SPEAKS_WITHIN_MS);
      process.on("exit", (code) => reject(new Error(`${words.join(" ")} ended with ${code}\n${printed}`)));
      process.stdout.setEncoding("utf8").on("data", (text: string) => {
        printed += text;
        const found = marks.map((mark) => mark.exec(printed)?.[1]);
        if (!found.every((one) => one !== undefined)) return;
        clearTimeout(late);
        resolve(found as string[]);
      });
    });
  }

  /** End what goes on, the newest first, as by Ctrl+C. */
  async stop(): Promise<void> {
    for (const process of this.#running.reverse()) {
      if (process.exitCode !== null) continue;
      const ended = new Promise((resolve) => process.on("exit", resolve));
      const late = setTimeout(() => process.kill("SIGKILL"), STOPS_WITHIN_MS);
      process.kill("SIGINT");
      await ended;
      clearTimeout(late);
    }
  }
}
