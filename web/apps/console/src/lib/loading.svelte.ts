import { Refused } from "../api";

/** Something that is being fetched: what came, what went wrong, whether it is on its way. An answer that was overtaken is dropped. */
export class Loading<T> {
  value = $state.raw<T>();
  error = $state.raw<Refused>();
  busy = $state(false);
  #turn = 0;

  async run(work: Promise<T>): Promise<T | undefined> {
    const turn = ++this.#turn;
    this.busy = true;
    try {
      const value = await work;
      if (turn !== this.#turn) return undefined;
      [this.value, this.error] = [value, undefined];
      return value;
    } catch (error) {
      if (turn === this.#turn) this.error = Refused.of(error);
      return undefined;
    } finally {
      if (turn === this.#turn) this.busy = false;
    }
  }
}

/** A list that comes page by page. */
export class Pages<Row> {
  rows = $state.raw<Row[]>([]);
  cursor = $state("");
  readonly #page = new Loading<{ rows: Row[]; cursor: string }>();
  #fetch: (cursor: string) => Promise<{ rows: Row[]; cursor: string }>;

  constructor(fetch: (cursor: string) => Promise<{ rows: Row[]; cursor: string }>) {
    this.#fetch = fetch;
  }

  get busy(): boolean {
    return this.#page.busy;
  }

  get error(): Refused | undefined {
    return this.#page.error;
  }

  /** Nothing was fetched yet, so that "there is nothing" would be a lie. */
  get fresh(): boolean {
    return this.#page.value === undefined;
  }

  async load(): Promise<void> {
    const page = await this.#page.run(this.#fetch(""));
    if (page) [this.rows, this.cursor] = [page.rows, page.cursor];
  }

  async more(): Promise<void> {
    const page = await this.#page.run(this.#fetch(this.cursor));
    if (page) [this.rows, this.cursor] = [[...this.rows, ...page.rows], page.cursor];
  }
}
