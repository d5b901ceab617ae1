/**
 * `node generate.ts URL`: writes `src/operations.ts` from a running console's OpenAPI document, so that every call is checked by the
 * compiler. `node generate.ts URL --check` ends with status 1 when something that is written there is no longer what the server says;
 * what the server can do besides is no fault.
 */

import { readFile, writeFile } from "node:fs/promises";
import { type Described, type Document, isInt64, nameOf, type Schema } from "./src/lib/schema.ts";

const TARGET = new URL("./src/operations.ts", import.meta.url);
const HEAD = "/** What the console can ask its server, written by `generate.ts` from the server's own description. */\n";

const field = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name));

function typeOf(schema: Schema): string {
  const name = nameOf(schema);
  if (name) return name;
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" | ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (isInt64(schema) || schema.type === "integer" || schema.type === "number") return "number";
  if (schema.type === "array") return `${wrapped(typeOf(schema.items ?? {}))}[]`;
  if (schema.type === "object") return typeof schema.additionalProperties === "object" ? `Record<string, ${typeOf(schema.additionalProperties)}>` : "Record<string, unknown>";
  return { string: "string", boolean: "boolean", null: "null" }[schema.type ?? ""] ?? "unknown";
}

const wrapped = (type: string): string => (type.includes(" ") ? `(${type})` : type);

function message(name: string, schema: Schema): string {
  const fields = Object.entries(schema.properties ?? {}).map(([key, item]) => `  ${field(key)}: ${typeOf(item)};\n`);
  return `export interface ${name} {\n${fields.join("")}}\n`;
}

function request(described: Described): string {
  const { requestBody } = described;
  const parameters = (described.parameters ?? []).filter((item) => item.in !== "header"); // the client sends headers by itself
  const fields = parameters.map((item) => `${field(item.name)}${item.in === "path" ? "" : "?"}: ${item.in === "path" ? "string" : typeOf(item.schema)}`);
  const named = parameters.filter((item) => item.in === "path").map((item) => JSON.stringify(item.name));
  const body = requestBody?.content?.["application/json"]?.schema;
  const own = fields.length > 0 ? `{ ${fields.join("; ")} }` : "Record<never, never>";
  if (!body || !nameOf(body)) return own;
  const rest = named.length > 0 ? `Partial<Omit<${typeOf(body)}, ${named.join(" | ")}>>` : `Partial<${typeOf(body)}>`;
  return fields.length > 0 ? `${own} & ${rest}` : rest;
}

function operation(method: string, path: string, described: Described): string {
  const reply = described.responses["200"]?.content?.["application/json"]?.schema;
  return `  "${method.toUpperCase()} ${path}": { request: ${request(described)}; reply: ${reply ? typeOf(reply) : "unknown"} };\n`;
}

/** The messages that these types name, and those that they name in turn. */
function reached(document: Document, told: string): [string, Schema][] {
  const found = new Map<string, Schema>();
  const follow = (text: string): void => {
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      if (found.has(name) || !new RegExp(`\\b${name}\\b`).test(text)) continue;
      found.set(name, schema);
      follow(message(name, schema));
    }
  };
  follow(told);
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A message that is referred to and not described would be guessed at. */
function checkReferences(document: Document): void {
  const named = new Set([...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name = ""]) => name));
  const missing = [...named].filter((name) => !(name in document.components.schemas));
  if (missing.length > 0) throw new Error(`two messages share a name: ${missing.join(", ")}`);
}

export function written(document: Document): string {
  checkReferences(document);
  const paths = Object.entries(document.paths).filter(([path]) => path.startsWith("/sg/v1/"));
  const lines = paths.flatMap(([path, methods]) => Object.entries(methods).map(([method, described]) => operation(method, path, described)));
  const operations = lines.sort().join("");
  const messages = reached(document, operations.replace(/"[^"]*"/g, "")).map(([name, schema]) => message(name, schema));
  return `${HEAD}\n${messages.join("\n")}\nexport interface Operations {\n${operations}}\n`;
}

/** Every line with the message that it belongs to, so that equal fields of two messages stay two. */
function facts(text: string): Set<string> {
  let inside = "";
  return new Set(
    text.split("\n").map((line) => {
      if (line.startsWith("export interface ")) inside = line;
      return `${inside} ${line}`;
    }),
  );
}

const [url, mode] = process.argv.slice(2);
if (!url) throw new Error("usage: node generate.ts URL [--check]");
const text = written((await (await fetch(new URL("/openapi.json", url))).json()) as Document);
if (mode !== "--check") {
  await writeFile(TARGET, text);
} else {
  const told = facts(text);
  const wrong = [...facts(await readFile(TARGET, "utf8"))].filter((fact) => !told.has(fact));
  if (wrong.length > 0) console.log(`src/operations.ts says what the server does not; run \`node generate.ts URL\`:\n${wrong.join("\n")}`);
  process.exitCode = wrong.length > 0 ? 1 : 0;
}
