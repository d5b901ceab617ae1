import type { Target } from "./scenarios.ts";

/** `node script.ts URL [--key K] [--http-key K]` */
export function targetOf(args: string[]): Target & { url: string } {
  const [address] = args;
  if (!address || address.startsWith("--")) throw new Error("usage: node SCRIPT URL [--key KEY] [--http-key KEY]");
  const url = new URL(address);
  const option = (name: string, otherwise: string): string => args[args.indexOf(name) + 1 || args.length] ?? otherwise;
  const tls = url.protocol === "https:";
  return {
    url: url.origin,
    host: url.hostname,
    port: url.port || (tls ? "443" : "80"),
    tls,
    key: option("--key", "defaultkey"),
    httpKey: option("--http-key", "defaulthttpkey"),
  };
}
