/** Runs every scenario that `scenarios.ts` exports, or those with a word in their names, one after the other, in whatever world this is. */

import * as scenarios from "./scenarios.ts";
import type { Outcome } from "./tap.ts";

export async function runAll(target: scenarios.Target, word = ""): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [name, scenario] of Object.entries(scenarios)) {
    if (name === "Game" || !name.includes(word)) continue;
    const outcome: Outcome = { name: name.replaceAll("_", " ") };
    try {
      await (scenario as scenarios.Scenario)(new scenarios.Game(target));
    } catch (error) {
      outcome.reason = error instanceof Error ? error.message : error instanceof Response ? `${error.status} ${await error.text()}` : String(error);
    }
    outcomes.push(outcome);
  }
  return outcomes;
}
