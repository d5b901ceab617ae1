/** The console's way to its server: one typed `call` for every operation, refusals as `Refused`, and what the server can do at all. */

import { complete, type Document, type Schema } from "./lib/schema";
import type { Operations } from "./operations";

export type Operation = keyof Operations;
export type Request<K extends Operation> = Operations[K]["request"];
export type Reply<K extends Operation> = Operations[K]["reply"];

const SIGNED_OUT = "console.not_signed_in";

/** The server said no, or said nothing. `code` is stable (`docs/errors`), the message is a sentence for people. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    [this.status, this.code] = [status, code];
  }

  static of(error: unknown): Refused {
    if (error instanceof Refused) return error;
    return new Refused(0, "console.unreachable", error instanceof Error ? error.message : String(error));
  }

  get isSignedOut(): boolean {
    return this.code === SIGNED_OUT;
  }

  /** What to show: the server's sentence. */
  get told(): string {
    return this.message || this.code;
  }
}

/** What a server's OpenAPI document lists: the console shows no screen whose operations are not there. */
export class Api {
  readonly #document: Document;
  readonly #fetch: typeof fetch;
  /** Called when a session has ended; the call that found out is refused besides. */
  onSignedOut: () => void = () => undefined;

  constructor(document: Document, get: typeof fetch = (...call) => fetch(...call)) {
    [this.#document, this.#fetch] = [document, get];
  }

  static async open(get: typeof fetch = (...call) => fetch(...call)): Promise<Api> {
    const reply = await get("/openapi.json", { headers: { Accept: "application/json" } });
    if (!reply.ok) throw await refusal(reply);
    return new Api((await reply.json()) as Document, get);
  }

  get document(): Document {
    return this.#document;
  }

  has(operation: Operation): boolean {
    const [method = "", path = ""] = operation.split(" ");
    return this.#document.paths[path]?.[method.toLowerCase()] !== undefined;
  }

  /** Whether the server wants to be told why. */
  asksWhy(operation: Operation): boolean {
    const [method = "", path = ""] = operation.split(" ");
    const parameters = this.#document.paths[path]?.[method.toLowerCase()]?.parameters ?? [];
    return parameters.some((item) => item.name === "X-Reason" && item.required === true);
  }

  /**
   * Do one thing. What the path names is taken out of `request`; the rest goes into the query or, where there is one, the body.
   *
   * @throws Refused
   */
  async call<K extends Operation>(operation: K, request: Request<K>, reason = ""): Promise<Reply<K>> {
    const [method = "", template = ""] = operation.split(" ");
    const reply = await this.send(method, ...asked(method, template, request as Record<string, unknown>), reason);
    return complete(this.#document, this.#replyOf(method, template), await reply.json()) as Reply<K>;
  }

  /** The bare exchange, for the API explorer and for files. */
  async send(method: string, address: string, body: string | undefined, reason = ""): Promise<Response> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (method !== "GET") headers["X-CSRF"] = "1";
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (reason) headers["X-Reason"] = encodeURIComponent(reason);
    const reply = await this.#fetch(address, { method, headers, ...(body !== undefined && { body }) });
    if (reply.ok) return reply;
    const refused = await refusal(reply);
    if (refused.code === SIGNED_OUT) this.onSignedOut();
    throw refused;
  }

  #replyOf(method: string, path: string): Schema {
    return this.#document.paths[path]?.[method.toLowerCase()]?.responses["200"]?.content?.["application/json"]?.schema ?? {};
  }
}

/** Where a request goes and what it carries. */
export function asked(method: string, template: string, request: Record<string, unknown>): [string, string | undefined] {
  const rest = { ...request };
  const path = template.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = String(rest[name] ?? "");
    delete rest[name];
    return encodeURIComponent(value);
  });
  if (["POST", "PUT", "PATCH"].includes(method)) return [path, JSON.stringify(rest)];
  const said = Object.entries(rest).filter(([, value]) => value !== undefined && value !== "" && value !== false);
  const query = new URLSearchParams(said.map(([name, value]) => [name, String(value)])).toString();
  return [query ? `${path}?${query}` : path, undefined];
}

async function refusal(reply: Response): Promise<Refused> {
  const body: unknown = await reply.json().catch(() => ({}));
  const message = typeof body === "object" && body !== null && "message" in body ? String(body.message) : "";
  return new Refused(reply.status, reply.headers.get("X-Supergame-Error") ?? "", message || `${reply.status} ${reply.statusText}`);
}
