import { Stage } from "@kitewind/sim";
import { describe, expect, it } from "vitest";
import { clock } from "./duration";
import { bits, type Progress, questOf, wayTo } from "./quest";

const stage = Stage.parse(["Y   K   Y", " @T R Y YY", "##########"].map((row) => row.padEnd(10)));
const start: Progress = { coins: 0, wares: 0, feathers: 0, hasRaced: false, racingMs: undefined, board: [], name: "Ada" };
const text = (more: Partial<Progress>): string => {
  const { text, count } = questOf({ ...start, ...more }, stage);
  return `${text} ${count}`.trim();
};

describe("the quest", () => {
  it("goes from coins to a hat, the race, the feathers and the best time", () => {
    expect(text({})).toBe("Collect 10 coins for a hat 0/10");
    expect(text({ coins: 12 })).toBe("Buy a hat at the stall");
    expect(text({ wares: 1 })).toBe("Race to the great kite: stand at the flag");
    expect(text({ wares: 1, hasRaced: true, feathers: 0b101 })).toBe("Find the hidden feathers: 10 coins each 2/5");
    expect(text({ wares: 1, hasRaced: true, feathers: 31 })).toBe("Race for today's best time");
    expect(text({ wares: 1, hasRaced: true, feathers: 31, board: [{ name: "Bob", timeMs: 41_250 }] })).toBe("Beat Bob: 0:41.2");
  });

  it("is the race for who races, whatever else is open", () => expect(text({ racingMs: 61_990 })).toBe("Up to the great kite! 1:01.9"));

  it("leads to what is not found yet", () => {
    const ways = (feathers: number): number => questOf({ ...start, wares: 1, hasRaced: true, feathers }, stage).towards.length;
    expect([ways(0), ways(1), ways(0b11110)]).toEqual([5, 4, 1]);
  });
});

it("ways are eighths of a turn to the nearest place, none when one is there", () => {
  const from = { x: 100, y: 100 };
  expect(wayTo(from, [{ x: 900, y: 100 }, { x: 100, y: 20 }])).toBe(-90);
  expect(wayTo(from, [{ x: 200, y: 190 }])).toBe(45);
  expect([wayTo(from, []), wayTo(from, [{ x: 110, y: 100 }])]).toEqual([undefined, undefined]);
});

it("bits are counted and times are told as on a stopwatch", () => {
  expect([bits(0), bits(0b10110)]).toEqual([0, 3]);
  expect([clock(0), clock(9_999), clock(600_000)]).toEqual(["0:00.0", "0:09.9", "10:00.0"]);
});
