/** Names that the splash suggests: two words that sound like somebody with wind in their hair. */

const FIRST = ["Amber", "Breezy", "Cloud", "Dandy", "Drift", "Ember", "Feather", "Happy", "Lucky", "Misty", "Mossy", "Paper", "Silver", "Sunny", "Velvet", "Windy"];
const SECOND = ["Acorn", "Bean", "Comet", "Crane", "Finch", "Fox", "Gull", "Heron", "Kite", "Maple", "Otter", "Pilot", "Puffin", "Skip", "Swift", "Wren"];

export const NAME_GRAPHEMES_MAX = 16; // the plaza's own bound, see docs/spec/plaza.md

export function suggestName(random: () => number): string {
  const pick = (words: readonly string[]): string => words[Math.floor(random() * words.length)] ?? words[0]!;
  return `${pick(FIRST)} ${pick(SECOND)}`;
}

/** What people see as characters: a family emoji is one. */
export function graphemes(text: string): string[] {
  return Array.from(new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text), ({ segment }) => segment);
}

/** A name as the plaza takes it: composed, without controls, single spaces, cut to its bound. Empty when nothing is left. */
export function tidyName(text: string): string {
  const plain = text.normalize("NFKC").replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, " ").replace(/\s+/g, " ").trim();
  return graphemes(plain).slice(0, NAME_GRAPHEMES_MAX).join("").trim();
}
