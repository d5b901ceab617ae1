/** The scenarios in Node itself. */

import { runAll } from "./run.ts";
import { Tap } from "./tap.ts";
import { targetOf } from "./target.ts";

const tap = new Tap();
for (const outcome of await runAll(targetOf(process.argv.slice(2)))) tap.report(outcome);
tap.end();
