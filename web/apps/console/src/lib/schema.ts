/** The part of OpenAPI that the server uses, and what it is good for: to read replies, and to show the API. */

export interface Schema {
  type?: string;
  $ref?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  default?: unknown;
  minimum?: number;
  enum?: unknown[];
  required?: string[];
  title?: string;
  description?: string;
}

export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema: Schema;
}

interface Content {
  content?: Record<string, { schema: Schema }>;
}

export interface Described {
  operationId: string;
  summary?: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: Content;
  responses: Record<string, Content>;
}

export interface Document {
  info: { title: string; version: string };
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, Schema> };
}

const REFERENCE = "#/components/schemas/";
const INT64_MIN = -(2 ** 63);

export const nameOf = (schema: Schema): string | undefined => (schema.$ref?.startsWith(REFERENCE) ? schema.$ref.slice(REFERENCE.length) : undefined);

/** 64-bit integers travel as texts. */
export const isInt64 = (schema: Schema): boolean => schema.type === "integer" && schema.minimum === INT64_MIN;

export function resolved(document: Document, schema: Schema): Schema {
  const name = nameOf(schema);
  return name === undefined ? schema : (document.components.schemas[name] ?? {});
}

/** A reply as its schema promises it: the server leaves out what has its default, and writes 64-bit integers as texts. */
export function complete(document: Document, given: Schema, value: unknown): unknown {
  const schema = resolved(document, given);
  if (schema.anyOf) return value === null ? null : complete(document, schema.anyOf.find((choice) => choice.type !== "null") ?? {}, value);
  if (isInt64(schema)) return Number(value); // whole up to 2^53, far beyond what people count
  if (Array.isArray(value)) return schema.items ? value.map((item) => complete(document, schema.items ?? {}, item)) : value;
  if (typeof value !== "object" || value === null) return value;
  if (schema.properties) return completeFields(document, schema.properties, value as Record<string, unknown>);
  const items = schema.additionalProperties;
  if (typeof items !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, complete(document, items, item)]));
}

function completeFields(document: Document, properties: Record<string, Schema>, value: Record<string, unknown>): Record<string, unknown> {
  const filled = Object.entries(properties).map(([name, schema]) => {
    const item = name in value ? value[name] : initial(document, schema);
    return [name, item === undefined ? undefined : complete(document, schema, item)];
  });
  return { ...value, ...Object.fromEntries(filled) };
}

function initial(document: Document, schema: Schema): unknown {
  if (schema.default !== undefined) return schema.default;
  return resolved(document, schema).properties ? {} : undefined;
}

/** An example that a person can fill in: every field with its default. */
export function example(document: Document, given: Schema, depth = 0): unknown {
  const schema = resolved(document, given);
  if (schema.default !== undefined && schema.default !== null) return schema.default;
  if (schema.properties && depth < 4) {
    return Object.fromEntries(Object.entries(schema.properties).map(([name, item]) => [name, example(document, item, depth + 1)]));
  }
  if (schema.anyOf) return null;
  return { string: "", integer: 0, number: 0, boolean: false, array: [], object: {} }[schema.type ?? ""] ?? null;
}
