import { describe, expect, it } from "vitest";
import { endpointOf } from "@supergame/guest";
import { snippets } from "./snippets";

const at = endpointOf({ protocol: "https:", hostname: "play.example.org", port: "8443", hash: "#key=k3y" });

describe("snippets", () => {
  it.each(snippets(at).map((snippet) => [snippet.id, snippet.code] as const))("%s names this server", (_id, code) => {
    expect(code).toContain("play.example.org");
    expect(code).toContain("8443");
    expect(code).toContain("k3y");
    expect(code).not.toMatch(/7350|127\.0\.0\.1|defaultkey|undefined/);
  });

  it("turns TLS on where the page has it, and only there", () => {
    const code = (address: Parameters<typeof endpointOf>[0]) => snippets(endpointOf(address)).map((snippet) => snippet.code).join("\n");
    expect(code({ protocol: "https:", hostname: "h", port: "", hash: "" })).not.toMatch(/"http"|http:|\bfalse\b/);
    expect(code({ protocol: "http:", hostname: "h", port: "", hash: "" })).not.toMatch(/"https"|https:/);
  });

  it("keeps a key with quotes inside its string", () => {
    const odd = snippets({ ...at, key: `a"b'c` });
    expect(odd.find((snippet) => snippet.id === "javascript")?.code).toContain(String.raw`new Client("a\"b'c"`);
    expect(odd.find((snippet) => snippet.id === "curl")?.code).toContain(String.raw`-u 'a"b'\''c:'`);
  });
});
