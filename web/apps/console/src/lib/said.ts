/** What a chat message says: games send JSON, such as {"text": "hello"}; its texts are what people read. */
export function said(content: string): string {
  try {
    const texts = textsOf(JSON.parse(content));
    return texts.length > 0 ? texts.join(" ") : content;
  } catch {
    return content;
  }
}

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}
