/** Lines in the TAP form: `ok 1 - name`, `not ok 2 - name` with the reason below, and the plan at the end. */

export interface Outcome {
  name: string;
  /** Undefined when it held. */
  reason?: string | undefined;
}

export class Tap {
  #count = 0;
  #failed = 0;

  report(outcome: Outcome): void {
    this.#count += 1;
    if (outcome.reason !== undefined) this.#failed += 1;
    console.log(`${outcome.reason === undefined ? "ok" : "not ok"} ${this.#count} - ${outcome.name}`);
    if (outcome.reason !== undefined) console.log(outcome.reason.replace(/^/gm, "    "));
  }

  async check(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.report({ name });
    } catch (error) {
      this.report({ name, reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  }

  /** Ends the process: the client's heartbeat timers would keep it alive. A run without a single check is a failure too. */
  end(): never {
    console.log(`1..${this.#count}`);
    process.exit(this.#failed > 0 || this.#count === 0 ? 1 : 0);
  }
}
