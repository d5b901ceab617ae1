/** The hills in the browser: moves the own runner by the server's facts of motion, and shows the others where the server has them. */

import { enter, explain, name, onMatch } from "/sdk/supergame.js";

const MOVED = 1;
const [HILLS, STATE, BACK, FINISHED] = [2, 3, 4, 5];
const COLOURS = ["#e4572e", "#2f7fd1", "#7a4fc9", "#d1478f", "#0f8b8d", "#d98e04"];
const [SENDS_PER_S, STEP_S, VIEW] = [15, 1 / 120, { width: 24, height: 13.5 }]; // tiles
const LEFT = ["ArrowLeft", "a"], RIGHT = ["ArrowRight", "d"], JUMP = ["ArrowUp", "w", " "];

const $ = (id) => document.getElementById(id);
const pen = $("hills").getContext("2d");
const held = new Set();
const me = { x: 0.5, y: 14, vx: 0, vy: 0, look: 1, stands: false, jumpAt: -1, stoodAt: -1 };
let hills = { level: [], motor: {}, you: "" };
let state = { runners: {}, coins: [], best: [] };
let banner = { text: "", until: 0 };
let send = () => {};
const drawn = new Map();

$("name").value = name();
$("enter").addEventListener("submit", async (event) => {
  event.preventDefault();
  $("problem").textContent = "";
  try {
    await play($("name").value.trim());
    $("enter").hidden = true;
    document.activeElement?.blur();
  } catch (error) {
    $("problem").textContent = (await explain(error)).message;
  }
});

async function play(wanted) {
  const { client, session, socket } = await enter(wanted);
  onMatch(socket, (opCode, message) => {
    if (opCode === HILLS) hills = message;
    if (opCode === STATE) show(message);
    if (opCode === BACK) Object.assign(me, message, { vx: 0, vy: 0 });
    if (opCode === FINISHED) banner = { text: `${message.name}: ${message.seconds} s, ${message.coins} coins`, until: performance.now() + 4000 };
  });
  socket.ondisconnect = () => (banner = { text: "The connection is gone. Load the page again.", until: Infinity });
  const { payload } = await client.rpc(session, "play", {});
  const match = await socket.joinMatch(payload.match_id);
  send = () => socket.sendMatchState(match.match_id, MOVED, JSON.stringify({ x: +me.x.toFixed(3), y: +me.y.toFixed(3), look: me.look }));
  setInterval(() => send(), 1000 / SENDS_PER_S);
}

// --- keys

function press(key, isDown) {
  if (isDown && !held.has(key) && JUMP.includes(key)) me.jumpAt = performance.now();
  if (isDown) held.add(key);
  else held.delete(key);
}
const known = (event) => (event.key.length === 1 ? event.key.toLowerCase() : event.key);
const isPlayed = (event) => $("enter").hidden && [...LEFT, ...RIGHT, ...JUMP].includes(known(event));
addEventListener("keydown", (event) => isPlayed(event) && (event.preventDefault(), press(known(event), true)));
addEventListener("keyup", (event) => press(known(event), false));
addEventListener("blur", () => held.clear());
for (const button of document.querySelectorAll("[data-key]")) {
  button.addEventListener("pointerdown", (event) => (event.preventDefault(), press(button.dataset.key, true)));
  for (const end of ["pointerup", "pointerleave", "pointercancel"]) button.addEventListener(end, () => press(button.dataset.key, false));
}
const isHeld = (keys) => keys.some((key) => held.has(key));

// --- motion: the same facts as the server's

const solid = (x, y) => x < 0 || x >= hills.level[0].length || hills.level[Math.floor(y)]?.[Math.floor(x)] === "#";

function blocked(x, y) {
  const { width, height } = hills.motor;
  return [-width / 2, width / 2].some((dx) => [-0.001, -height / 2, -height].some((dy) => solid(x + dx, y + dy)));
}

function step(now) {
  const { run, accelerate, jump, gravity, fall } = hills.motor;
  const wish = (isHeld(RIGHT) ? 1 : 0) - (isHeld(LEFT) ? 1 : 0);
  const change = accelerate * STEP_S;
  me.vx += Math.max(-change, Math.min(change, wish * run - me.vx));
  if (wish) me.look = wish;
  if (me.stands) me.stoodAt = now;
  if (now - me.jumpAt < 120 && now - me.stoodAt < 90) {
    me.vy = -jump;
    me.jumpAt = me.stoodAt = -1e9;
  }
  if (me.vy < -jump / 3 && !isHeld(JUMP)) me.vy = -jump / 3; // let go: a small jump
  me.vy = Math.min(me.vy + gravity * STEP_S, fall);
  const [x, y] = [me.x + me.vx * STEP_S, me.y + me.vy * STEP_S];
  if (blocked(x, me.y)) me.vx = 0;
  else me.x = x;
  me.stands = me.vy > 0 && blocked(me.x, y);
  if (me.stands) me.y = Math.floor(y);
  if (blocked(me.x, y)) me.vy = 0;
  else me.y = y;
}

// --- what is seen

const colour = (id) => COLOURS[[...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % COLOURS.length];

function show(next) {
  state = next;
  for (const id of drawn.keys()) if (!(id in next.runners)) drawn.delete(id);
  const coins = Object.values(next.runners).map(([name, , , , coins]) => `${name}: ${coins} ${coins === 1 ? "coin" : "coins"}`);
  const times = next.best.map(([name, seconds]) => `Best: ${name}, ${seconds} s`);
  $("scores").replaceChildren(...[...coins, ...times].map((text) => Object.assign(document.createElement("li"), { textContent: text })));
}

let before = performance.now();
let left_s = 0;

function draw(now) {
  requestAnimationFrame(draw);
  left_s = Math.min(left_s + (now - before) / 1000, 0.1);
  before = now;
  if (hills.level.length === 0) hills.level = Array.from({ length: 16 }, (_, y) => (y > 13 ? "#" : ".").repeat(64));
  for (; hills.you && left_s > STEP_S; left_s -= STEP_S) step(now);
  const scale = $("hills").width / VIEW.width;
  const eye = Math.max(0, Math.min(me.x - VIEW.width / 2, hills.level[0].length - VIEW.width));
  sky(scale, eye);
  pen.setTransform(scale, 0, 0, scale, -eye * scale, (VIEW.height - hills.level.length) * scale);
  hills.level.forEach((row, y) => [...row].forEach((kind, x) => ground(kind, x, y, now)));
  state.coins.forEach(([x, y]) => coin(x + 0.5, y + 0.5, now));
  for (const [id, [name, x, y, look]] of Object.entries(state.runners)) {
    if (id === hills.you) runner(colour(id), name, me.x, me.y, me.look, Math.abs(me.vx) > 0.5, now, true);
    else other(id, name, x, y, look, now);
  }
  if (now < banner.until) announce(scale);
}

function sky(scale, eye) {
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  const blue = pen.createLinearGradient(0, 0, 0, VIEW.height);
  blue.addColorStop(0, "#69bde2");
  blue.addColorStop(0.7, "#e8f4ea");
  blue.addColorStop(1, "#ffeccb");
  pen.fillStyle = blue;
  pen.fillRect(0, 0, VIEW.width, VIEW.height);
  pen.fillStyle = "#fff1b8";
  round(20, 2.6, 1.2);
  for (const [far, tint, height] of [[0.15, "#a9cfd6", 5.2], [0.35, "#8fc4a8", 3.2]]) {
    pen.fillStyle = tint;
    for (let i = -1; i < 14; i++) {
      pen.beginPath();
      pen.ellipse(i * 5 - ((eye * far) % 5), VIEW.height, 4, height + (i % 2), 0, 0, 7);
      pen.fill();
    }
  }
  pen.fillStyle = "#fffdf8";
  for (let i = 0; i < 6; i++) {
    const x = ((i * 7 - eye * 0.22) % 36 + 36) % 36 - 4;
    for (const [dx, dy, radius] of [[0, 0, 0.6], [0.8, -0.25, 0.8], [1.7, 0, 0.6]]) round(x + dx, 1.6 + (i % 3) * 1.3 + dy, radius);
  }
}

function round(x, y, radius) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 7);
  pen.fill();
}

function ground(kind, x, y, now) {
  if (kind === "#") {
    const isTop = hills.level[y - 1]?.[x] !== "#";
    pen.fillStyle = (x + y) % 2 ? "#a9765a" : "#a27055";
    pen.fillRect(x, y, 1.01, 1.01);
    if (!isTop) return;
    pen.fillStyle = "#5da258";
    pen.fillRect(x, y, 1.01, 0.34);
    pen.fillStyle = "#86c66b";
    pen.fillRect(x, y, 1.01, 0.12);
  } else if (kind === "F") {
    pen.fillStyle = "#7a5a3c";
    pen.fillRect(x + 0.44, y - 2, 0.12, 3);
    pen.fillStyle = "#e4572e";
    pen.beginPath();
    pen.moveTo(x + 0.56, y - 1.95);
    pen.quadraticCurveTo(x + 1.1, y - 1.9 + Math.sin(now / 250) * 0.15, x + 1.7, y - 1.45);
    pen.lineTo(x + 0.56, y - 0.95);
    pen.fill();
  }
}

function coin(x, y, now) {
  const turn = Math.abs(Math.cos(now / 400 + x));
  pen.fillStyle = "#d98e04";
  pen.beginPath();
  pen.ellipse(x, y, 0.3 * Math.max(turn, 0.15), 0.3, 0, 0, 7);
  pen.fill();
  pen.fillStyle = "#ffd34e";
  pen.beginPath();
  pen.ellipse(x, y, 0.22 * Math.max(turn, 0.1), 0.23, 0, 0, 7);
  pen.fill();
}

function other(id, name, x, y, look, now) {
  const at = drawn.get(id) ?? { x, y };
  drawn.set(id, at);
  const moves = Math.abs(x - at.x) > 0.02;
  at.x += (x - at.x) * 0.25;
  at.y += (y - at.y) * 0.25;
  runner(colour(id), name, at.x, at.y, look, moves, now, false);
}

function runner(tint, name, x, y, look, moves, now, isMe) {
  const bob = moves ? Math.abs(Math.sin(now / 70)) * 0.07 : 0;
  pen.fillStyle = "#3b2a20";
  for (const [dx, phase] of [[-0.17, 0], [0.17, Math.PI]]) {
    pen.beginPath();
    pen.ellipse(x + dx, y - 0.07 - (moves ? Math.max(0, Math.sin(now / 70 + phase)) * 0.15 : 0), 0.15, 0.09, 0, 0, 7);
    pen.fill();
  }
  pen.fillStyle = tint;
  pen.beginPath();
  pen.roundRect(x - 0.37, y - 0.95 - bob, 0.74, 0.85, 0.3);
  pen.fill();
  pen.fillStyle = "#fff";
  for (const dx of [-0.05, 0.21]) round(x + dx * look, y - 0.66 - bob, 0.12);
  pen.fillStyle = "#17234b";
  for (const dx of [-0.01, 0.25]) round(x + dx * look, y - 0.66 - bob, 0.06);
  pen.font = "700 0.36px system-ui, sans-serif";
  pen.textAlign = "center";
  pen.fillStyle = isMe ? "#17234b" : "#3d4d75";
  pen.fillText(name, x, y - 1.15 - bob);
}

function announce(scale) {
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.fillStyle = "#fff9efe0";
  pen.fillRect(0, VIEW.height / 2 - 1.2, VIEW.width, 2.4);
  pen.fillStyle = "#bf3f1d";
  pen.font = "800 1px system-ui, sans-serif";
  pen.textAlign = "center";
  pen.fillText(banner.text, VIEW.width / 2, VIEW.height / 2 + 0.35);
}

requestAnimationFrame(draw);
