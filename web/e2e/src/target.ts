import type { Target } from "./scenarios.ts";

/** `node script.ts URL [--http-key K] [--format protobuf]`. The URL may carry the server key as the printed one does: `http://host:port/#key=...`. */
export function targetOf(args: string[]): Target & { url: string; home: string } {
  const [address] = args;
  if (!address || address.startsWith("--")) throw new Error("usage: node SCRIPT URL[#key=KEY] [--http-key KEY] [--format protobuf]");
  const url = new URL(address);
  const option = (name: string): string | undefined => args[args.indexOf(name) + 1 || args.length];
  const tls = url.protocol === "https:";
  return {
    url: url.origin,
    home: `${url.origin}/${url.hash}`,
    host: url.hostname,
    port: url.port || (tls ? "443" : "80"),
    tls,
    key: new URLSearchParams(url.hash.slice(1)).get("key") ?? "defaultkey",
    httpKey: option("--http-key") ?? "defaulthttpkey",
    format: option("--format") === "protobuf" ? "protobuf" : "json",
  };
}
