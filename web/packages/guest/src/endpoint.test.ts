import { describe, expect, it } from "vitest";
import { endpointOf, isLoopback, origin } from "./endpoint";

const address = { protocol: "http:", hostname: "127.0.0.1", port: "7350", hash: "" };

describe("endpointOf", () => {
  it("takes host, port and scheme from the address and falls back to the default key", () => {
    expect(endpointOf(address)).toEqual({ scheme: "http", host: "127.0.0.1", port: 7350, key: "defaultkey", keyGiven: false });
  });

  it("reads the key from the fragment, percent-encoded or not", () => {
    expect(endpointOf({ ...address, hash: "#key=s3cret%2Bx" })).toMatchObject({ key: "s3cret+x", keyGiven: true });
    expect(endpointOf({ ...address, hash: "#tab=unity&key=k" })).toMatchObject({ key: "k", keyGiven: true });
  });

  it("treats other fragments and an empty key as no key", () => {
    expect(endpointOf({ ...address, hash: "#connect" }).keyGiven).toBe(false);
    expect(endpointOf({ ...address, hash: "#key=" })).toMatchObject({ key: "defaultkey", keyGiven: false });
  });

  it("knows the ports that an address leaves out", () => {
    expect(endpointOf({ ...address, port: "" }).port).toBe(80);
    expect(endpointOf({ ...address, protocol: "https:", port: "" })).toMatchObject({ scheme: "https", port: 443 });
  });

  it("takes the key that stands in a title's own page, unless the address has one", () => {
    expect(endpointOf(address, "own")).toMatchObject({ key: "own", keyGiven: true });
    expect(endpointOf({ ...address, hash: "#key=k" }, "own").key).toBe("k");
  });

  it("keeps the brackets of an IPv6 host", () => {
    expect(origin(endpointOf({ ...address, hostname: "[fe80::1]" }))).toBe("http://[fe80::1]:7350");
  });
});

describe("isLoopback", () => {
  it.each(["localhost", "game.localhost", "127.0.0.1", "127.8.9.1", "[::1]"])("%s is loopback", (host) => {
    expect(isLoopback(host)).toBe(true);
  });
  it.each(["192.168.1.4", "lan.test", "127.example.org", "[fe80::1]"])("%s is not", (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});
