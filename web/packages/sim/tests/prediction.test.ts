import { describe, expect, test } from "vitest";
import { BUILT, decode, Key, MAX_BATCH_TICKS, MAX_PENDING_TICKS, newBody, Op, Prediction, Stage, step } from "../src/index.ts";

const STAGE = Stage.parse(["........", ".@......", "########"]);

/** The keys and the first tick of a message of inputs. */
function opened(data: Uint8Array | null): { epoch: number; first: number; keys: number[] } {
  if (data === null) throw new Error("there is no batch");
  const runs = Array.from({ length: data[5]! }, (_, i) => [data[6 + 2 * i]!, data[7 + 2 * i]!] as const);
  const first = new DataView(data.buffer).getUint32(1, true);
  return { epoch: data[0]!, first, keys: runs.flatMap(([keys, ticks]) => Array<number>(ticks).fill(keys)) };
}

describe("Prediction", () => {
  test("steps the body at once, with the motor", () => {
    const prediction = new Prediction(STAGE, newBody(STAGE));
    const body = newBody(STAGE);
    expect(prediction.advance(Key.right)).toBe(step(body, Key.right, STAGE));
    expect(prediction.body).toEqual(body);
  });

  test("sends every tick once, in order, three or more in a message", () => {
    const prediction = new Prediction(STAGE, newBody(STAGE));
    expect(prediction.takeBatch()).toBeNull();
    const sent: number[] = [];
    const played = Array.from({ length: 50 }, (_, tick) => tick % 16);
    for (const keys of played) {
      prediction.advance(keys);
      if (prediction.tick % 7) continue;
      for (let batch = prediction.takeBatch(); batch !== null; batch = prediction.takeBatch()) {
        expect(opened(batch).first).toBe(sent.length);
        sent.push(...opened(batch).keys);
      }
    }
    expect(sent).toEqual(played.slice(0, sent.length));
    expect(sent.length).toBe(49);
  });

  test("after a silence nothing is longer than a message, and the oldest ticks are given up", () => {
    const prediction = new Prediction(STAGE, newBody(STAGE));
    for (let tick = 0; tick < MAX_PENDING_TICKS + 5; tick++) prediction.advance(0);
    expect(prediction.pending).toBe(MAX_PENDING_TICKS);
    const batch = opened(prediction.takeBatch());
    expect([batch.first, batch.keys.length]).toEqual([5, MAX_BATCH_TICKS]);
  });

  test("PLAZA8: a correction goes on from the server's tick and body, in its epoch", () => {
    const prediction = new Prediction(STAGE, newBody(STAGE));
    for (let tick = 0; tick < 10; tick++) prediction.advance(Key.right);
    const body = newBody(STAGE);
    prediction.correct({ epoch: 3, tick: 4, body });
    expect(prediction.body).toEqual(body);
    prediction.advance(Key.left);
    expect(body).toEqual(newBody(STAGE)); // the message's body is not the one that runs
    prediction.advance(0);
    prediction.advance(0);
    expect(opened(prediction.takeBatch())).toEqual({ epoch: 3, first: 4, keys: [Key.left, 0, 0] });
  });
});

describe("FEEL18: a change counts from the tick that the server names", () => {
  const HIGH = { ...BUILT, jumpSpeed: 1_700 };
  const played = (count: number): Prediction => {
    const prediction = new Prediction(STAGE, newBody(STAGE));
    for (let tick = 0; tick < count; tick++) prediction.advance(Key.right);
    return prediction;
  };

  test("one that is to come changes nothing before, and nothing of what is sent", () => {
    const prediction = played(3);
    const body = { ...prediction.body };
    prediction.tune(5, HIGH);
    for (const [tick, tuning] of [[3, BUILT], [4, BUILT], [5, HIGH], [6, HIGH]] as const) {
      expect(prediction.tick).toBe(tick);
      prediction.advance(Key.jump);
      step(body, Key.jump, STAGE, tuning);
      expect(prediction.body).toEqual(body);
    }
    expect(opened(prediction.takeBatch())).toEqual({ epoch: 0, first: 0, keys: [2, 2, 2, 4, 4, 4, 4] });
  });

  test("one that comes too late leaves a gap, so that the server sends a correction, after which it counts", () => {
    const prediction = played(10);
    prediction.tune(8, HIGH);
    for (let tick = 0; tick < 3; tick++) prediction.advance(0);
    expect(opened(prediction.takeBatch()).first).toBe(11); // 10 is missing
    const body = newBody(STAGE);
    prediction.correct({ epoch: 1, tick: 7, body });
    for (const tuning of [BUILT, HIGH]) {
      prediction.advance(Key.jump);
      step(body, Key.jump, STAGE, tuning);
    }
    expect(prediction.body).toEqual(body);
  });
});

test("messages without a body of their own decode", () => {
  expect(decode(Op.left, Uint8Array.of(9))).toEqual({ type: "left", number: 9 });
});
