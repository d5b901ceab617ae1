/** Star Hop in the browser: draws what the server says, and tells it where the player wants to go. */

import { enter, explain, name, onMatch } from "/sdk/supergame.js";

const STEER = 1;
const [WORLD, STATE, TOLD] = [2, 3, 4];
const REASONS = { suspended: "his licence is suspended", revoked: "his licence was revoked", ended: "his licence has ended" };
const KEYS = { ArrowLeft: "left", a: "left", ArrowRight: "right", d: "right", ArrowUp: "hop", w: "hop", " ": "hop" };

const $ = (id) => document.getElementById(id);
const pen = $("sky").getContext("2d");
let world = { width: 960, height: 540, pads: [], you: "" };
let state = { hoppers: {}, sparks: [] };
const drawn = new Map(); // where each hopper is on the screen, gliding to where the server says

$("name").value = name();
$("enter").addEventListener("submit", async (event) => {
  event.preventDefault();
  $("problem").textContent = "";
  try {
    await play($("name").value.trim(), new FormData($("enter")).get("hero"));
    $("enter").hidden = true;
  } catch (error) {
    $("problem").textContent = (await explain(error)).message;
  }
});

async function play(wanted, hero) {
  const { client, session, socket } = await enter(wanted);
  onMatch(socket, (opCode, message) => {
    if (opCode === WORLD) world = message;
    if (opCode === STATE) show(message);
    if (opCode === TOLD) tell(message.pip ? "Pip is back." : `Pip had to leave: ${REASONS[message.reason] ?? "he may not be here"}.`);
  });
  socket.ondisconnect = () => tell("The connection is gone. Load the page again.");
  const { payload } = await client.rpc(session, "play", {});
  const match = await socket.joinMatch(payload.match_id, undefined, { hero });
  steering((wish) => socket.sendMatchState(match.match_id, STEER, JSON.stringify(wish)));
  const { payload: licence } = await client.rpc(session, "sg.licences", { property: "kitewind", asset: "pip" }).catch(() => ({ payload: {} }));
  if (hero === "pip" && !licence.allowed) tell("Pip may not be here just now, so you are Comet.");
}

function tell(text) {
  $("told").textContent = text;
}

function steering(send) {
  const held = new Set();
  let before = "";
  const say = () => {
    const wish = { x: held.has("right") - held.has("left"), hop: held.has("hop") };
    const text = JSON.stringify(wish);
    if (text !== before) send(wish);
    before = text;
  };
  const set = (wish, isHeld) => {
    if (isHeld) held.add(wish);
    else held.delete(wish);
    say();
  };
  const hear = (event, isDown) => {
    const wish = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!wish) return;
    event.preventDefault();
    set(wish, isDown);
  };
  addEventListener("keydown", (event) => hear(event, true));
  addEventListener("keyup", (event) => hear(event, false));
  addEventListener("blur", () => (held.clear(), say()));
  const canvas = $("sky");
  const point = (event) => {
    const me = drawn.get(world.you);
    const box = canvas.getBoundingClientRect();
    if (!me || event.buttons === 0) return;
    const [x, y] = [((event.clientX - box.left) / box.width) * world.width - me.x, ((event.clientY - box.top) / box.height) * world.height - me.y];
    held.clear();
    if (Math.abs(x) > 24) held.add(x < 0 ? "left" : "right");
    if (y < -60) held.add("hop");
    say();
  };
  canvas.addEventListener("pointerdown", point);
  canvas.addEventListener("pointermove", point);
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) canvas.addEventListener(end, () => (held.clear(), say()));
}

function show(next) {
  state = next;
  for (const id of drawn.keys()) if (!(id in next.hoppers)) drawn.delete(id);
  const sorted = Object.values(next.hoppers).sort((a, b) => b[4] - a[4]);
  const lines = sorted.map(([who, hero, , , sparks]) => `${who} (${hero === "pip" ? "Pip" : "Comet"}) ${sparks}`);
  if (lines.join() === $("scores").dataset.lines) return;
  $("scores").dataset.lines = lines.join();
  $("scores").replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
}

function draw(now) {
  requestAnimationFrame(draw);
  const scale = $("sky").width / world.width;
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  const sky = pen.createLinearGradient(0, 0, 0, world.height);
  for (const [at, colour] of [[0, "#191b52"], [0.6, "#3d3a86"], [1, "#8a5f9e"]]) sky.addColorStop(at, colour);
  pen.fillStyle = sky;
  pen.fillRect(0, 0, world.width, world.height);
  pen.fillStyle = "#fff6dc";
  for (let i = 0; i < 70; i++) pen.fillRect((i * i * 53 + i * 17) % world.width, (i * i * 29 + i * 61) % (world.height * 0.8), 1.4, 1.4);
  world.pads.forEach(pad);
  state.sparks.forEach(([x, y], i) => spark(x, y + Math.sin(now / 300 + i) * 3));
  for (const [id, hopper] of Object.entries(state.hoppers)) place(id, hopper, now);
}

function pad([x, y, width]) {
  pen.fillStyle = "#2b2a63";
  pen.beginPath();
  pen.roundRect(x - 8, y, width + 16, 26, 13);
  pen.fill();
  pen.fillStyle = "#8fd6b4";
  pen.beginPath();
  pen.roundRect(x - 8, y, width + 16, 9, 5);
  pen.fill();
}

function spark(x, y) {
  pen.fillStyle = "#ffe08a";
  pen.beginPath();
  for (let i = 0; i < 8; i++) {
    const far = i % 2 ? 3.5 : 10;
    pen.lineTo(x + Math.cos((i * Math.PI) / 4) * far, y + Math.sin((i * Math.PI) / 4) * far);
  }
  pen.fill();
}

function place(id, [who, hero, x, y], now) {
  const at = drawn.get(id) ?? { x, y, look: 1 };
  drawn.set(id, at);
  if (Math.abs(x - at.x) > 1) at.look = Math.sign(x - at.x);
  if (Math.abs(y - at.y) > 200) [at.x, at.y] = [x, y];
  at.x += (x - at.x) * 0.35;
  at.y += (y - at.y) * 0.35;
  pen.save();
  pen.translate(at.x, at.y);
  pen.scale(at.look, 1);
  if (hero === "pip") pip(now);
  else comet(now);
  pen.restore();
  pen.font = "600 13px system-ui, sans-serif";
  pen.textAlign = "center";
  pen.fillStyle = id === world.you ? "#ffe08a" : "#fff6dc";
  pen.fillText(who, at.x, at.y - 58);
}

/** An egg-shaped lantern of warm glass between a cap and a foot of iron, with a flame on top. */
function pip(now) {
  const glass = pen.createRadialGradient(3, -12, 2, 0, -18, 22);
  for (const [at, colour] of [[0, "#fff6dc"], [0.35, "#ffd877"], [1, "#e8904d"]]) glass.addColorStop(at, colour);
  shape("#ff8a5c", () => pen.ellipse(0, -42 - Math.sin(now / 90), 4.5, 8 + Math.sin(now / 70) * 1.5, 0, 0, 7));
  shape("#ffe08a", () => pen.ellipse(0, -40, 2.2, 4.5, 0, 0, 7));
  shape("#231a3c", () => pen.ellipse(0, -19, 16.5, 18.5, 0, 0, 7));
  shape(glass, () => pen.ellipse(0, -19, 14.5, 16.5, 0, 0, 7));
  shape("#64557f", () => pen.roundRect(-9, -38, 18, 5, 2));
  shape("#64557f", () => pen.roundRect(-8, -5, 16, 5, 2));
  shape("#231a3c", () => pen.ellipse(3, -21, 1.8, 3, 0, 0, 7));
  shape("#231a3c", () => pen.ellipse(10, -21, 1.8, 3, 0, 0, 7));
}

/** Star Hop's own hero. */
function comet(now) {
  for (let i = 4; i > 0; i--) shape(`rgb(138 215 255 / ${0.36 - i * 0.07})`, () => pen.arc(-i * 7, -16 - i * 2 + Math.sin(now / 120 + i) * 2, 14 - i * 2.5, 0, 7));
  shape("#15224d", () => pen.arc(0, -16, 16, 0, 7));
  shape("#8ad7ff", () => pen.arc(0, -16, 14, 0, 7));
  shape("#e6f8ff", () => pen.arc(4, -20, 6, 0, 7));
  shape("#15224d", () => pen.arc(5, -17, 2.4, 0, 7));
  shape("#15224d", () => pen.arc(11, -17, 2.4, 0, 7));
}

function shape(colour, path) {
  pen.fillStyle = colour;
  pen.beginPath();
  path();
  pen.fill();
}

requestAnimationFrame(draw);
