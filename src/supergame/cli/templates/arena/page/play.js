/** The arena in the browser: draws what the server says, and tells it where the player wants to go. */

import { enter, explain, name, onMatch } from "/sdk/supergame.js";

const STEER = 1;
const [ARENA, STATE, WON] = [2, 3, 4];
const COLOURS = ["#ff8a5c", "#5cd6ff", "#8bea7a", "#ff7ac6", "#ffd75c", "#b79bff", "#5cf0c8", "#ff6b6b"];
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], a: [-1, 0], d: [1, 0], w: [0, -1], s: [0, 1] };

const $ = (id) => document.getElementById(id);
const pen = $("arena").getContext("2d");
let size = { width: 960, height: 540, hopper: 20, star: 14, goal: 10, you: "" };
let state = { hoppers: {}, stars: [] };
let banner = { text: "", until: 0 };
const drawn = new Map(); // where each hopper is on the screen, gliding to where the server says
const chance = (seed) => Math.abs((Math.sin(seed * 12.9898) * 43758.5453) % 1);
const backdrop = Array.from({ length: 110 }, (_, i) => [chance(i + 1) * 960, chance(i + 500) * 540, 0.5 + chance(i + 900) * 1.4]);
const planets = [[170, 420, 120, "#6d4bd8", "#2b1b74"], [800, 110, 74, "#ff8d7a", "#7c2d6d"], [560, 300, 26, "#66d0ea", "#22527e"]];

$("name").value = name();
$("enter").addEventListener("submit", async (event) => {
  event.preventDefault();
  $("problem").textContent = "";
  try {
    await play($("name").value.trim());
    $("enter").hidden = true;
  } catch (error) {
    $("problem").textContent = (await explain(error)).message;
  }
});

async function play(wanted) {
  const { client, session, socket } = await enter(wanted);
  onMatch(socket, (opCode, message) => {
    if (opCode === ARENA) size = message;
    if (opCode === STATE) show(message);
    if (opCode === WON) banner = { text: `${message.name} wins the round!`, until: performance.now() + 4000 };
  });
  socket.ondisconnect = () => (banner = { text: "The connection is gone. Load the page again.", until: Infinity });
  const { payload } = await client.rpc(session, "play", {});
  const match = await socket.joinMatch(payload.match_id);
  steering((x, y) => socket.sendMatchState(match.match_id, STEER, JSON.stringify({ x, y })));
}

function steering(send) {
  const held = new Set();
  const byKeys = () => {
    const sum = [...held].reduce(([x, y], key) => [x + KEYS[key][0], y + KEYS[key][1]], [0, 0]);
    send(...sum);
  };
  const hear = (event, isDown) => {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!(key in KEYS) || event.repeat) return;
    event.preventDefault();
    if (isDown) held.add(key);
    else held.delete(key);
    byKeys();
  };
  addEventListener("keydown", (event) => hear(event, true));
  addEventListener("keyup", (event) => hear(event, false));
  addEventListener("blur", () => (held.clear(), byKeys()));
  const canvas = $("arena");
  const point = (event) => {
    const me = drawn.get(size.you);
    const box = canvas.getBoundingClientRect();
    if (!me || event.buttons === 0) return;
    const [x, y] = [((event.clientX - box.left) / box.width) * size.width - me.x, ((event.clientY - box.top) / box.height) * size.height - me.y];
    const far = Math.hypot(x, y);
    if (far < 12) send(0, 0);
    else send(x / far, y / far);
  };
  canvas.addEventListener("pointerdown", point);
  canvas.addEventListener("pointermove", point);
  canvas.addEventListener("pointerup", () => send(0, 0));
}

const colour = (id) => COLOURS[[...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % COLOURS.length];

function show(next) {
  state = next;
  for (const id of drawn.keys()) if (!(id in next.hoppers)) drawn.delete(id);
  const sorted = Object.entries(next.hoppers).sort(([, a], [, b]) => b[3] - a[3]);
  $("scores").replaceChildren(
    ...sorted.map(([id, [name, , , stars]]) => {
      const item = document.createElement("li");
      item.innerHTML = "<i></i>";
      item.firstChild.style.background = colour(id);
      item.append(`${name} ${stars}`);
      return item;
    }),
  );
}

function star(x, y, radius, turn) {
  pen.beginPath();
  for (let i = 0; i < 10; i++) {
    const [angle, far] = [turn + (i * Math.PI) / 5, i % 2 ? radius * 0.5 : radius];
    pen.lineTo(x + Math.cos(angle) * far, y + Math.sin(angle) * far);
  }
  pen.closePath();
  pen.fill();
}

function planet(x, y, radius, light, dark) {
  const shade = pen.createRadialGradient(x - radius * 0.4, y - radius * 0.5, radius * 0.1, x, y, radius);
  shade.addColorStop(0, light);
  shade.addColorStop(1, dark);
  pen.fillStyle = shade;
  pen.beginPath();
  pen.arc(x, y, radius, 0, 7);
  pen.fill();
  pen.lineWidth = radius * 0.09;
  pen.strokeStyle = light;
  pen.beginPath();
  pen.ellipse(x, y, radius * 1.5, radius * 0.36, -0.35, 0.15, Math.PI - 0.15);
  pen.stroke();
}

function draw(now) {
  requestAnimationFrame(draw);
  const scale = $("arena").width / size.width;
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  const sky = pen.createLinearGradient(0, 0, 0, size.height);
  sky.addColorStop(0, "#1b1458");
  sky.addColorStop(1, "#2f1f74");
  pen.fillStyle = sky;
  pen.fillRect(0, 0, size.width, size.height);
  pen.fillStyle = "#ffffff";
  for (const [x, y, radius] of backdrop) {
    pen.globalAlpha = 0.25 + 0.2 * Math.sin(now / 900 + x);
    pen.fillRect(x, y, radius * 1.6, radius * 1.6);
  }
  pen.globalAlpha = 0.55;
  planets.forEach((one) => planet(...one));
  pen.globalAlpha = 1;
  pen.shadowColor = "#ffcf4a";
  pen.shadowBlur = 30;
  pen.fillStyle = "#ffd75c";
  state.stars.forEach(([x, y], i) => star(x, y + Math.sin(now / 350 + i) * 3, size.star, now / 1200 + i));
  pen.shadowBlur = 0;
  pen.textAlign = "center";
  for (const [id, [name, x, y]] of Object.entries(state.hoppers)) hopper(id, name, x, y, now);
  if (now < banner.until) announce(banner.text);
}

function hopper(id, name, x, y, now) {
  const at = drawn.get(id) ?? { x, y, look: 0 };
  drawn.set(id, at);
  const [dx, dy] = [x - at.x, y - at.y];
  const moves = Math.hypot(dx, dy) > 0.5;
  if (moves) at.look = Math.atan2(dy, dx);
  at.x += dx * 0.3;
  at.y += dy * 0.3;
  const radius = size.hopper;
  const hop = moves ? Math.abs(Math.sin(now / 90)) * 6 : 0;
  pen.fillStyle = "#00000055";
  pen.beginPath();
  pen.ellipse(at.x, at.y + radius, radius * 0.9, radius * 0.32, 0, 0, 7);
  pen.fill();
  pen.fillStyle = colour(id);
  pen.beginPath();
  pen.arc(at.x, at.y - hop, radius, 0, 7);
  pen.fill();
  if (id === size.you) {
    pen.lineWidth = 3;
    pen.strokeStyle = "#ffffff";
    pen.stroke();
  }
  for (const side of [-0.5, 0.5]) {
    const [ex, ey] = [at.x + Math.cos(at.look + side) * radius * 0.5, at.y - hop + Math.sin(at.look + side) * radius * 0.5];
    pen.fillStyle = "#fff";
    pen.beginPath();
    pen.arc(ex, ey, 7, 0, 7);
    pen.fill();
    pen.fillStyle = "#1d1650";
    pen.beginPath();
    pen.arc(ex + Math.cos(at.look) * 2, ey + Math.sin(at.look) * 2, 3.6, 0, 7);
    pen.fill();
  }
  pen.font = "700 15px system-ui, sans-serif";
  pen.fillStyle = "#f5f3ff";
  pen.fillText(name, at.x, at.y < 60 ? at.y + radius + 24 : at.y - radius - 14);
}

function announce(text) {
  pen.fillStyle = "#120d3ccc";
  pen.fillRect(0, size.height / 2 - 54, size.width, 108);
  pen.fillStyle = "#ffd75c";
  pen.font = "800 40px system-ui, sans-serif";
  pen.fillText(text, size.width / 2, size.height / 2 + 14);
}

requestAnimationFrame(draw);
