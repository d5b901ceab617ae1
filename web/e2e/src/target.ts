import type { Target } from "./scenarios.ts";

/** `node script.ts URL [--http-key K]`. The URL may carry the server key as the printed one does: `http://host:port/#key=...`. */
export function targetOf(args: string[]): Target & { url: string; home: string } {
  const [address] = args;
  if (!address || address.startsWith("--")) throw new Error("usage: node SCRIPT URL[#key=KEY] [--http-key KEY]");
  const url = new URL(address);
  const httpKey = args[args.indexOf("--http-key") + 1 || args.length];
  const tls = url.protocol === "https:";
  return {
    url: url.origin,
    home: `${url.origin}/${url.hash}`,
    host: url.hostname,
    port: url.port || (tls ? "443" : "80"),
    tls,
    key: new URLSearchParams(url.hash.slice(1)).get("key") ?? "defaultkey",
    httpKey: httpKey ?? "defaulthttpkey",
  };
}
