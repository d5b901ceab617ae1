/** Nakama's published protobuf adapter as a codec, without a network. A line in, a line out, as JSON: `{"encode": envelope}` is answered with
    its bytes in base64, `{"decode": base64}` with the envelope. Bytes within envelopes are `{"$bytes": base64}`, times are RFC 3339. */

import { createInterface } from "node:readline";
import { WebSocketAdapterPb } from "@heroiclabs/nakama-js-protobuf";

let sent = "";

class Wire {
  static readonly OPEN = 1;
  readonly readyState = Wire.OPEN;
  onmessage?: (event: { data: ArrayBuffer }) => void;

  send(data: Uint8Array): void {
    sent = Buffer.from(data).toString("base64");
  }
}

const wires: Wire[] = [];
globalThis.WebSocket = function open(): Wire {
  const wire = new Wire();
  wires.push(wire);
  return wire;
} as unknown as typeof WebSocket;

const adapter = new WebSocketAdapterPb();
adapter.connect("ws://", "nowhere", "1", false, "token");
const [wire] = wires;
if (!wire) throw new Error("the adapter opened no socket");
let heard: unknown;
adapter.onMessage = (envelope) => {
  heard = envelope;
};

/** JSON has neither times nor bytes: the adapter is given what a game would give it. */
const lively = (key: string, value: unknown): unknown => {
  if (typeof value === "string") return key === "create_time" || key === "update_time" ? new Date(value) : value;
  const bytes = typeof value === "object" && value !== null && "$bytes" in value ? value.$bytes : undefined;
  return typeof bytes === "string" ? Buffer.from(bytes, "base64") : value;
};

const plain = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("base64") };
  if (value instanceof Date || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
};

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line, lively) as { encode?: object; decode?: string };
  if (asked.decode !== undefined) {
    wire.onmessage?.({ data: new Uint8Array(Buffer.from(asked.decode, "base64")).buffer });
    console.log(JSON.stringify(plain(heard)));
  } else {
    adapter.send(asked.encode);
    console.log(JSON.stringify(sent));
  }
}
