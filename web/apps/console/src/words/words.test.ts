import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FluentResource } from "@fluent/bundle";
import { expect, test } from "vitest";

const SOURCES = join(import.meta.dirname, "..");
const read = (name: string): FluentResource => new FluentResource(readFileSync(join(import.meta.dirname, name), "utf8"));
const idsOf = (name: string): string[] => read(name).body.map(({ id }) => id).sort();

const sources = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((name) => /\.(ts|svelte)$/.test(name) && !name.endsWith(".test.ts"));
const code = sources.map((name) => readFileSync(join(SOURCES, name), "utf8")).join("\n");

/** Ids that stand in the code whole, and beginnings whose end is made there: `t(`screen-${id}`)`, `term("outcome", name)`. */
const whole = new Set([...code.matchAll(/"([a-z][a-z0-9-]+)"/g)].map(([, id]) => id));
const beginnings = [...code.matchAll(/`([a-z]+(?:-[a-z]+)*-)\$\{/g), ...code.matchAll(/term\("([a-z-]+)"/g)].map(([, start = ""]) => start.replace(/-?$/, "-"));
const told = [...code.matchAll(/\bt\("([a-z0-9-]+)"/g)].map(([, id = ""]) => id);

test("both languages have the same texts, and nothing that could not be read", () => {
  expect(idsOf("de.ftl")).toEqual(idsOf("en.ftl"));
  for (const name of ["en.ftl", "de.ftl"]) {
    const lines = readFileSync(join(import.meta.dirname, name), "utf8").split("\n").filter((line) => /^[a-z]/.test(line));
    expect(read(name).body).toHaveLength(lines.length);
  }
});

test("both languages ask for the same values", () => {
  const values = (name: string): [string, string[]][] => read(name).body.map(({ id, value }) => [id, [...new Set(JSON.stringify(value).match(/"type":"var","name":"\w+"/g) ?? [])].sort()]);
  const english = new Map(values("en.ftl"));
  for (const [id, names] of values("de.ftl")) expect([id, names]).toEqual([id, english.get(id)]);
});

test("no text is missing", () => {
  const ids = new Set(idsOf("en.ftl"));
  expect(told.filter((id) => !ids.has(id))).toEqual([]);
  expect(told.length).toBeGreaterThan(100);
});

test("no text is left over", () => {
  expect(idsOf("en.ftl").filter((id) => !whole.has(id) && !beginnings.some((start) => id.startsWith(start)))).toEqual([]);
});
