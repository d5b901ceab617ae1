/** What every page of ours must hold: quiet, accessible, no wider than its window. */

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { ok } from "./assert.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

interface Finding {
  id: string;
  impact: string;
  nodes: { target: string[]; failureSummary: string }[];
}

/** What the page must not have, as it comes: errors, and requests to other hosts. */
export function listenFor(page: Page, url: string): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("request", (request) => new URL(request.url()).host === new URL(url).host || complaints.push(`request elsewhere: ${request.url()}`));
  return complaints;
}

export async function accessible(page: Page, state: string): Promise<void> {
  // Evaluated by the debugger's protocol: the page's policy would refuse a script tag, and shall go on refusing it.
  await page.evaluate(await readFile(AXE, "utf8"));
  const findings: Finding[] = await page.evaluate(async () => {
    // What is still fading in has no contrast yet.
    const ending = document.getAnimations().filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity);
    await Promise.allSettled(ending.map((animation) => animation.finished));
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Finding[] }> } };
    return (await axe.run()).violations;
  });
  const serious = findings.filter((finding) => finding.impact === "serious" || finding.impact === "critical");
  const told = serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join("\n  ")}`);
  ok(serious.length === 0, `${state}: ${told.join("\n")}`);
}

export async function fits(page: Page, width: number): Promise<void> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  ok(wide <= width, `the page is ${wide} px wide in a window of ${width}`);
}
