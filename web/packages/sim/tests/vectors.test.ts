// What the two motors and the two codecs share. Python writes these files: tests/support/kitewind.py.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decode, encodeInputs, hashBody, newBody, Op, Stage, step, Tunings } from "../src/index.ts";

interface MotorVector {
  rows: string[];
  runs: [number, number][];
  changes?: [number, number, [number, number, number]][]; // the tick in which it is told, the first that it is for; speeds of jump, glide, run
  hashes: [number, number][];
}

interface MessageVectors {
  server: { op: number; hex: string; message: unknown }[];
  inputs: { epoch: number; first: number; keys: number[]; hex: string }[];
}

function load<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../../tests/data/kitewind/${name}`, import.meta.url), "utf8")) as T;
}

function play({ rows, runs, changes = [] }: MotorVector): [number, number][] {
  const stage = Stage.parse(rows);
  const tunings = new Tunings();
  const body = newBody(stage);
  const hashes: [number, number][] = [];
  let [total, tick] = [0, 0];
  for (const [keys, ticks] of runs) {
    for (let i = 0; i < ticks; i++) {
      for (const [told, first, [jumpSpeed, glideSpeed, runSpeed]] of changes) {
        if (told === tick) tunings.add(first, { jumpSpeed, glideSpeed, runSpeed });
      }
      total += step(body, keys, stage, tunings.at(tick));
      tick += 1;
      if (tick % 60 === 0) hashes.push([hashBody(body), total]);
    }
  }
  return hashes;
}

const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const hex = (data: Uint8Array): string => Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");

describe("FEEL15: the motor gives the same bodies as the server's", () => {
  const vectors = load<MotorVector[]>("motor.json");

  test.each(vectors.map((vector, index) => [index, vector] as const))("vector %i", (_, vector) => {
    expect(play(vector)).toEqual(vector.hashes);
  });

  test("a planted fault is caught: one key more", () => {
    const vector = vectors[0]!;
    const changed = { ...vector, runs: [[2, 1], ...vector.runs] as [number, number][] };
    expect(play(changed)[0]).not.toEqual(vector.hashes[0]);
  });
});

describe("FEEL17: the motor gives the same bodies as the server's while it is tuned", () => {
  const vectors = load<MotorVector[]>("tuning.json");

  test.each(vectors.map((vector, index) => [index, vector] as const))("vector %i", (_, vector) => {
    expect(play(vector)).toEqual(vector.hashes);
  });

  test("a planted fault is caught: a change that counts one tick later", () => {
    const vector = vectors[0]!;
    const changes = vector.changes!.map(([told, first, tuning]): [number, number, [number, number, number]] => [told, first + 1, tuning]);
    expect(play({ ...vector, changes })).not.toEqual(vector.hashes);
  });
});

describe("PLAZA18: the codecs agree with the server's", () => {
  const { server, inputs } = load<MessageVectors>("messages.json");

  test.each(server)("op $op", ({ op, hex: data, message }) => {
    expect(decode(op, bytes(data))).toEqual(message);
  });

  test("every message that the server sends is there", () => {
    const sent = Object.values(Op).filter((op) => op < Op.inputs);
    expect(new Set(server.map(({ op }) => op))).toEqual(new Set(sent));
  });

  test.each(inputs)("inputs from $first", ({ epoch, first, keys, hex: data }) => {
    expect(hex(encodeInputs(epoch, first, keys))).toBe(data);
  });

  test.each(server)("a cut-off message of op $op is refused", ({ op, hex: data }) => {
    expect(() => decode(op, bytes(data).subarray(0, -1))).toThrow(RangeError);
    expect(() => decode(op, bytes(`${data}00`))).toThrow(RangeError);
  });

  test("an op code of later versions is passed over", () => {
    expect(decode(99, new Uint8Array(3))).toBeNull();
  });
});
