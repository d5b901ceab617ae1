/** What changed between two values, line by line, as an operator reads it. */

export interface Line {
  sign: " " | "+" | "-";
  text: string;
}

const LINES_MAX = 400;

/** JSON with keys in order, so that the same value reads the same. */
export function pretty(value: unknown): string {
  if (value === undefined) return "";
  return JSON.stringify(value, (_key, inner: unknown) => (isObject(inner) ? sorted(inner) : inner), 2) ?? "";
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const sorted = (value: Record<string, unknown>): Record<string, unknown> => Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The lines of both values, the longest common ones shown once. Beyond 400 lines a side, all old lines come before all new ones. */
export function difference(before: unknown, after: unknown): Line[] {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  if (old.length > LINES_MAX || fresh.length > LINES_MAX) return [...old.map(line("-")), ...fresh.map(line("+"))];
  const common = commonLengths(old, fresh);
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      lines.push(line(" ")(old[i] ?? ""));
      [i, j] = [i + 1, j + 1];
    } else if (j >= fresh.length || (i < old.length && (common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? 0))) {
      lines.push(line("-")(old[i] ?? ""));
      i += 1;
    } else {
      lines.push(line("+")(fresh[j] ?? ""));
      j += 1;
    }
  }
  return lines;
}

const line = (sign: Line["sign"]) => (text: string): Line => ({ sign, text });
const linesOf = (value: unknown): string[] => (value === undefined || value === null ? [] : pretty(value).split("\n"));

/** `[i][j]`: how many lines the ends from line i and line j have in common, in order. */
function commonLengths(old: string[], fresh: string[]): number[][] {
  const table = Array.from({ length: old.length + 1 }, () => new Array<number>(fresh.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      const row = table[i];
      if (row) row[j] = old[i] === fresh[j] ? 1 + (table[i + 1]?.[j + 1] ?? 0) : Math.max(table[i + 1]?.[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return table;
}
