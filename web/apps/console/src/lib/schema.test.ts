import { expect, test } from "vitest";
import { complete, type Document, example } from "./schema";

const INT64 = { type: "integer", minimum: -(2 ** 63) };
const document: Document = {
  info: { title: "x", version: "1" },
  paths: {},
  components: {
    schemas: {
      Player: {
        type: "object",
        properties: {
          name: { type: "string", default: "" },
          coins: { ...INT64, default: 0 },
          wallet: { type: "object", additionalProperties: INT64, default: {} },
          ban: { anyOf: [{ $ref: "#/components/schemas/Ban" }, { type: "null" }], default: null },
        },
      },
      Ban: { type: "object", properties: { reason: { type: "string", default: "" } } },
      Page: { type: "object", properties: { players: { type: "array", items: { $ref: "#/components/schemas/Player" }, default: [] }, cursor: { type: "string", default: "" } } },
    },
  },
};
const read = (value: unknown): unknown => complete(document, { $ref: "#/components/schemas/Page" }, value);

test("what the server left out has its default", () => {
  expect(read({})).toEqual({ players: [], cursor: "" });
  expect(read({ players: [{ name: "pip" }] })).toEqual({ players: [{ name: "pip", coins: 0, wallet: {}, ban: null }], cursor: "" });
});

test("64-bit integers are numbers again, wherever they lie", () => {
  expect(read({ players: [{ coins: "41", wallet: { gold: "7" } }] })).toMatchObject({ players: [{ coins: 41, wallet: { gold: 7 } }] });
});

test("what may be null is completed when it is there", () => {
  expect(read({ players: [{ ban: {} }] })).toMatchObject({ players: [{ ban: { reason: "" } }] });
});

test("a field that the schema does not know stays", () => {
  expect(read({ news: 1 })).toMatchObject({ news: 1 });
});

test("an example has every field", () => {
  expect(example(document, { $ref: "#/components/schemas/Player" })).toEqual({ name: "", coins: 0, wallet: {}, ban: null });
});
