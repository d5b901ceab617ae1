// The motor: one tick of one body, in integers. Its rules are FEEL1... of docs/spec/feel.md; its twin, equal bit for bit, is
// src/kitewind/motor.py. Positions are 1/256 px with y downwards, speeds 1/256 px a tick, and there are 60 ticks a second.

import { isLedge, isSolid, type Stage, Tile, TILE_SHIFT, TILE_UNITS, UNIT } from "./stage.ts";

/** The bits of one tick's input. */
export const Key = { left: 1, right: 2, jump: 4, down: 8 } as const;
export const ALL_KEYS = 15;

/** The bits of what one tick brought, for sounds and dust. */
export const Happened = {
  jumped: 1,
  landed: 2,
  bounced: 4,
  glideStarted: 8,
  glideEnded: 16,
  fell: 32, // below the islands; the body is back on safe ground
  bumped: 64, // the head met a ceiling
  turned: 128,
} as const;

export const HALF_WIDTH = 5 * UNIT;
export const BODY_HEIGHT = 14 * UNIT;

export const RUN_SPEED = 576;
export const RUN_GAIN = 96;
export const TURN_GAIN = 160;
export const STOP_LOSS = 80;
export const AIR_GAIN = 72;
export const AIR_LOSS = 24;

export const JUMP_SPEED = 1200;
export const CUT_SPEED = 480;
export const BOUNCE_SPEED = 1760;
export const RISE_GRAVITY = 50;
export const FALL_GRAVITY = 68;
export const FALL_SPEED = 1408;
export const GLIDE_SPEED = 256;
export const GLIDE_LOSS = 240;

export const COYOTE_TICKS = 6;
export const BUFFER_TICKS = 6;
export const RETURN_TICKS = 24;
export const CORNER = 4 * UNIT;
export const LEDGE = 3 * UNIT;
export const FALL_DEPTH = 6 * TILE_UNITS; // below the last row

/** What of the motor changes while people play: the server tells. */
export interface Tuning {
  jumpSpeed: number;
  glideSpeed: number;
  runSpeed: number;
}

/** How the motor was built. */
export const BUILT: Readonly<Tuning> = { jumpSpeed: JUMP_SPEED, glideSpeed: GLIDE_SPEED, runSpeed: RUN_SPEED };

/** A body: `x`, `y` are the middle of its feet. Numbers only, so that both languages hash it alike. */
export interface Body {
  x: number;
  y: number;
  vx: number;
  vy: number;
  facing: number; // -1 or 1
  grounded: number; // 0 or 1, as the next three
  gliding: number;
  cuttable: number; // a jump that still becomes lower when its key is let go
  held: number; // the jump key was down in the last tick
  coyote: number; // ticks in which a jump still counts as from the ground
  buffer: number; // ticks in which a jump asked for too early still happens
  returning: number; // ticks until a body that fell may move again
  safeX: number; // where a fall leads back to
  safeY: number;
}

export function newBody(stage: Stage): Body {
  const x = stage.spawn.tx * TILE_UNITS + TILE_UNITS / 2;
  const y = (stage.spawn.ty + 1) * TILE_UNITS;
  return {
    x, y, vx: 0, vy: 0, facing: 1, grounded: 0, gliding: 0, cuttable: 0, held: 0, coyote: 0, buffer: 0, returning: 0,
    safeX: x, safeY: y,
  };
}

/** One tick. Changes the body and returns bits of `Happened`. */
export function step(body: Body, keys: number, stage: Stage, tuning: Readonly<Tuning> = BUILT): number {
  if (body.returning > 0) {
    body.returning -= 1;
    body.held = keys & Key.jump ? 1 : 0;
    return 0;
  }
  const wasGrounded = body.grounded;
  const wasGliding = body.gliding;
  let happened = run(body, keys, tuning.runSpeed) | jump(body, keys, stage, tuning.jumpSpeed);
  fall(body, keys, tuning.glideSpeed);
  moveAcross(body, stage);
  happened |= body.vy < 0 ? rise(body, stage) : sink(body, stage);
  if (body.grounded) {
    keepSafe(body, stage);
    if (!wasGrounded) happened |= Happened.landed;
  } else if (wasGrounded && !(happened & (Happened.jumped | Happened.bounced)) && !(keys & Key.down)) {
    body.coyote = COYOTE_TICKS;
  }
  if (body.gliding !== wasGliding) happened |= body.gliding ? Happened.glideStarted : Happened.glideEnded;
  if (body.y > stage.height * TILE_UNITS + FALL_DEPTH) happened |= putBack(body);
  return happened;
}

function run(body: Body, keys: number, runSpeed: number): number {
  const way = (keys & Key.right ? 1 : 0) - (keys & Key.left ? 1 : 0);
  if (way === 0) {
    body.vx = towards(body.vx, 0, body.grounded ? STOP_LOSS : AIR_LOSS);
    return 0;
  }
  const turned = way !== body.facing ? Happened.turned : 0;
  body.facing = way;
  const gain = !body.grounded ? AIR_GAIN : body.vx * way < 0 ? TURN_GAIN : RUN_GAIN;
  body.vx = towards(body.vx, way * runSpeed, gain);
  return turned;
}

function towards(value: number, goal: number, most: number): number {
  return value < goal ? Math.min(value + most, goal) : Math.max(value - most, goal);
}

function jump(body: Body, keys: number, stage: Stage, jumpSpeed: number): number {
  const down = keys & Key.jump ? 1 : 0;
  const pressed = down && !body.held;
  const wants = pressed || body.buffer > 0;
  const may = body.grounded || body.coyote > 0;
  body.held = down;
  body.buffer = pressed ? BUFFER_TICKS : Math.max(body.buffer - 1, 0);
  body.coyote = Math.max(body.coyote - 1, 0);
  if (keys & Key.down && body.grounded && onLedgeOnly(body, stage)) {
    body.y += UNIT; // through the wood or the cloud
    body.grounded = 0;
  } else if (wants && may) {
    body.vy = -jumpSpeed;
    body.grounded = body.coyote = body.buffer = 0;
    body.cuttable = 1;
    return Happened.jumped;
  } else if (body.cuttable && !down) {
    body.vy = Math.max(body.vy, -CUT_SPEED);
    body.cuttable = 0;
  }
  return 0;
}

function fall(body: Body, keys: number, glideSpeed: number): void {
  if (body.vy < 0) {
    body.vy += RISE_GRAVITY;
    if (body.vy >= 0) body.cuttable = 0;
    body.gliding = 0;
    return;
  }
  const wants = keys & Key.jump && !(keys & Key.down) && body.buffer === 0; // a key pressed just before landing means a jump
  body.gliding = wants && !body.grounded && body.vy + FALL_GRAVITY > glideSpeed ? 1 : 0;
  body.vy = body.gliding ? Math.max(body.vy - GLIDE_LOSS, glideSpeed) : Math.min(body.vy + FALL_GRAVITY, FALL_SPEED);
}

function moveAcross(body: Body, stage: Stage): void {
  if (body.vx === 0) return;
  const x = body.x + body.vx;
  const edge = body.vx > 0 ? x + HALF_WIDTH - 1 : x - HALF_WIDTH;
  const tx = edge >> TILE_SHIFT;
  const low = (body.y - 1) >> TILE_SHIFT;
  for (let ty = (body.y - BODY_HEIGHT) >> TILE_SHIFT; ty <= low; ty++) {
    if (!isSolid(stage.tile(tx, ty))) continue;
    const top = low * TILE_UNITS;
    if (ty === low && body.vy >= 0 && body.y - top <= LEDGE && isFree(stage, x, top)) {
      body.y = top; // feet that just miss an edge are lifted onto it
      break;
    }
    body.x = body.vx > 0 ? tx * TILE_UNITS - HALF_WIDTH : (tx + 1) * TILE_UNITS + HALF_WIDTH;
    body.vx = 0;
    return;
  }
  body.x = x;
}

function rise(body: Body, stage: Stage): number {
  const y = body.y + body.vy;
  body.grounded = 0;
  if (isFree(stage, body.x, y)) {
    body.y = y;
    return 0;
  }
  for (let aside = UNIT; aside <= CORNER; aside += UNIT) {
    for (const x of [body.x + aside, body.x - aside]) {
      if (!isFree(stage, x, y) || !isFree(stage, x, body.y)) continue;
      body.x = x; // a head that just catches a corner slips past it
      body.y = y;
      return 0;
    }
  }
  const ceiling = ((y - BODY_HEIGHT) >> TILE_SHIFT) + 1;
  body.y = ceiling * TILE_UNITS + BODY_HEIGHT;
  body.vy = 0;
  body.cuttable = 0;
  return Happened.bumped;
}

function sink(body: Body, stage: Stage): number {
  const y = body.y + body.vy;
  const ty = (y - 1) >> TILE_SHIFT;
  const top = ty * TILE_UNITS;
  const ground = top >= body.y ? groundAt(body, stage, ty) : Tile.empty;
  if (ground === Tile.empty) {
    body.y = y;
    body.grounded = 0;
    return 0;
  }
  body.y = top;
  body.gliding = 0;
  if (ground === Tile.pad) {
    body.vy = -BOUNCE_SPEED;
    body.grounded = body.cuttable = body.coyote = body.buffer = 0;
    return Happened.bounced;
  }
  body.vy = 0;
  body.grounded = 1;
  body.coyote = 0;
  return 0;
}

/** What would hold the feet in a row: the pad if there is one, else anything that holds. */
function groundAt(body: Body, stage: Stage, ty: number): Tile {
  let ground: Tile = Tile.empty;
  const right = (body.x + HALF_WIDTH - 1) >> TILE_SHIFT;
  for (let tx = (body.x - HALF_WIDTH) >> TILE_SHIFT; tx <= right; tx++) {
    const tile = stage.tile(tx, ty);
    if (tile === Tile.pad) return tile;
    if (isSolid(tile) || (isLedge(tile) && ground === Tile.empty)) ground = tile;
  }
  return ground;
}

function onLedgeOnly(body: Body, stage: Stage): boolean {
  return isLedge(groundAt(body, stage, body.y >> TILE_SHIFT));
}

function isFree(stage: Stage, x: number, y: number): boolean {
  const right = (x + HALF_WIDTH - 1) >> TILE_SHIFT;
  const low = (y - 1) >> TILE_SHIFT;
  for (let ty = (y - BODY_HEIGHT) >> TILE_SHIFT; ty <= low; ty++) {
    for (let tx = (x - HALF_WIDTH) >> TILE_SHIFT; tx <= right; tx++) {
      if (isSolid(stage.tile(tx, ty))) return false;
    }
  }
  return true;
}

/** Ground counts as safe when it holds both edges of the box. */
function keepSafe(body: Body, stage: Stage): void {
  const ty = body.y >> TILE_SHIFT;
  const left = stage.tile((body.x - HALF_WIDTH) >> TILE_SHIFT, ty);
  const right = stage.tile((body.x + HALF_WIDTH - 1) >> TILE_SHIFT, ty);
  if (left === Tile.empty || right === Tile.empty) return;
  body.safeX = body.x;
  body.safeY = body.y;
}

function putBack(body: Body): number {
  body.x = body.safeX;
  body.y = body.safeY;
  body.vx = body.vy = 0;
  body.grounded = body.gliding = body.cuttable = body.coyote = body.buffer = 0;
  body.returning = RETURN_TICKS;
  return Happened.fell;
}

export const DRAWN = ["idle", "run", "jump", "fall", "glide"] as const;
export type Drawn = (typeof DRAWN)[number];

/** How a body is to be drawn. */
export function drawnState(body: Body): Drawn {
  if (body.gliding) return "glide";
  if (!body.grounded && body.returning === 0) return body.vy < 0 ? "jump" : "fall";
  return body.vx !== 0 ? "run" : "idle";
}

/** The order of a body's fields in hashes and messages. */
export const FIELDS = [
  "x", "y", "vx", "vy", "facing", "grounded", "gliding", "cuttable", "held", "coyote", "buffer", "returning", "safeX", "safeY",
] as const satisfies readonly (keyof Body)[];

/** 32-bit FNV-1a of all fields, each as four little-endian bytes. */
export function hashBody(body: Body): number {
  let hash = 0x811c9dc5;
  for (const field of FIELDS) {
    for (let shift = 0; shift < 32; shift += 8) {
      hash = Math.imul(hash ^ ((body[field] >> shift) & 255), 0x01000193);
    }
  }
  return hash >>> 0;
}
