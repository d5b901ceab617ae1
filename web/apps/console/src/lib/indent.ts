const TOKENS = /"(?:[^"\\]|\\.)*"?|[{}[\],:]|[^\s{}[\],:"]+/g;

/** JSON with a line for each value. It works on the letters, so that no number is rounded and what was cut is shown as far as it goes. */
export function indented(json: string): string {
  const tokens = json.match(TOKENS) ?? [];
  let [text, depth] = ["", 0];
  const line = (): string => `\n${"  ".repeat(depth)}`;
  tokens.forEach((token, index) => {
    const next = tokens[index + 1] ?? "";
    if (token === "{" || token === "[") {
      depth += 1;
      text += token + (next === "}" || next === "]" ? "" : line());
    } else if (token === "}" || token === "]") {
      depth = Math.max(0, depth - 1);
      text += (/[{[]$/.test(tokens[index - 1] ?? "") ? "" : line()) + token;
    } else {
      text += token === "," ? `,${line()}` : token === ":" ? ": " : token;
    }
  });
  return text.trimEnd();
}
