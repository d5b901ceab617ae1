/** What a chart shows: the last `capacity` moments, the oldest forgotten first, in the columns that uPlot reads. */
export class Series {
  readonly #capacity: number;
  /** Seconds since 1970, then a column for each line. */
  #columns: number[][];

  constructor(lines: number, capacity: number) {
    this.#capacity = capacity;
    this.#columns = Array.from({ length: lines + 1 }, () => []);
  }

  /** A moment that is not later than the last is the same moment told again, and is left out. */
  add(at: number, values: number[]): void {
    const last = this.#columns[0]?.at(-1);
    if (last !== undefined && at <= last) return;
    [at, ...values].forEach((value, index) => {
      const column = this.#columns[index];
      column?.push(value);
      if (column && column.length > this.#capacity) column.shift();
    });
  }

  /** The latest moment; 0 before the first. */
  get last(): number {
    return this.#columns[0]?.at(-1) ?? 0;
  }

  /** Fresh arrays of arrays: uPlot redraws when it is given new data. */
  columns(): number[][] {
    return this.#columns.map((column) => [...column]);
  }
}
