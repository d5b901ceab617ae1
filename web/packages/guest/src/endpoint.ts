/** Where this page came from is where a game connects to: host, port, scheme and key, read from the address bar. */

export const DEFAULT_KEY = "defaultkey";

export interface Endpoint {
  scheme: "http" | "https";
  host: string;
  port: number;
  key: string;
  /** The address carried a key of its own (`#key=...`), as the printed one of a server opened to the network does. */
  keyGiven: boolean;
}

export interface PageAddress {
  protocol: string;
  hostname: string;
  port: string;
  hash: string;
}

/** The key that the server writes into the head of a title's own page, `/t/<title>/`; empty elsewhere. */
export function keyOfPage(): string {
  return globalThis.document?.querySelector<HTMLMetaElement>('meta[name="server-key"]')?.content ?? "";
}

export function endpointOf(address: PageAddress, ownKey: string = keyOfPage()): Endpoint {
  const secure = address.protocol === "https:";
  const key = new URLSearchParams(address.hash.replace(/^#/, "")).get("key") ?? "";
  return {
    scheme: secure ? "https" : "http",
    host: address.hostname,
    port: Number(address.port) || (secure ? 443 : 80),
    key: key || ownKey || DEFAULT_KEY,
    keyGiven: key !== "" || ownKey !== "",
  };
}

export function origin(at: Endpoint): string {
  return `${at.scheme}://${at.host}:${at.port}`;
}

/** Only this machine reaches a loopback address; a phone on the sofa does not. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}
