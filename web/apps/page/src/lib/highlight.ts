/** Colours for short snippets in eight languages. Not a parser: comments, strings, numbers and a few common words are enough to read by. */

export type Kind = "plain" | "comment" | "string" | "number" | "word" | "here";

export interface Token {
  kind: Kind;
  text: string;
}

const WORDS =
  "import|from|new|const|let|var|await|async|local|function|end|require|return|if|then|print|print_debug|using|with|as|def|for|in|constexpr|bool|int32|true|false|nil|null|None|True|False|extends|func|auto";

const LINE_COMMENT: Record<string, string> = { hash: "#[^\\n]*", dash: "--[^\\n]*", slash: "\\/\\/[^\\n]*" };

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** `here` are the values of this very server; they stand out, wherever they occur in the code. */
export function highlight(code: string, comment: "hash" | "dash" | "slash", here: string[] = []): Token[] {
  const values = here.filter(Boolean).map(escaped).sort((a, b) => b.length - a.length).join("|");
  const marks = values ? `(?<!\\w)(?:${values})(?!\\w)` : "(?!)";
  const parts = new RegExp(
    `(?<here>${marks})|(?<comment>${LINE_COMMENT[comment]})|(?<string>"(?:[^"\\\\\\n]|\\\\.)*"|'(?:[^'\\\\\\n]|\\\\.)*')|(?<word>\\b(?:${WORDS})\\b)|(?<number>\\b\\d+(?:\\.\\d+)?\\b)`,
    "g",
  );
  const tokens: Token[] = [];
  const push = (kind: Kind, text: string): void => {
    if (text) tokens.push({ kind, text });
  };
  let end = 0;
  for (const match of code.matchAll(parts)) {
    push("plain", code.slice(end, match.index));
    const kind = (Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)?.[0] ?? "plain") as Kind;
    if (kind === "string" && here.length > 0) pushString(match[0], marks, push);
    else push(kind, match[0]);
    end = match.index + match[0].length;
  }
  push("plain", code.slice(end));
  return tokens;
}

function pushString(text: string, marks: string, push: (kind: Kind, text: string) => void): void {
  text.split(new RegExp(`(${marks})`, "g")).forEach((part, index) => push(index % 2 ? "here" : "string", part));
}
