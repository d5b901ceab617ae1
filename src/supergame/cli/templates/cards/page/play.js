/** The table in the browser: shows what the server lets this player see, and sends what they do. */

import { enter, explain, name, onMatch } from "/sdk/supergame.js";

const [PLAY, DRAW, AGAIN] = [1, 2, 3];
const [TABLE, REFUSED] = [4, 5];
const WORDS = { r: "red", g: "green", b: "blue", y: "yellow" };

const $ = (id) => document.getElementById(id);
let send = () => {};

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
$("draw").addEventListener("click", () => send(DRAW));
$("again").addEventListener("click", () => send(AGAIN));

async function play(wanted) {
  const { client, session, socket } = await enter(wanted);
  onMatch(socket, (opCode, message) => {
    if (opCode === TABLE) show(message);
    if (opCode === REFUSED) $("say").textContent = message.why;
  });
  socket.ondisconnect = () => ($("say").textContent = "The connection is gone. Load the page again.");
  const { payload } = await client.rpc(session, "play", {});
  const match = await socket.joinMatch(payload.match_id);
  send = (opCode, message = {}) => socket.sendMatchState(match.match_id, opCode, JSON.stringify(message));
}

const fits = (card, top) => card[0] === top[0] || card[1] === top[1];

function face(element, card) {
  element.className = `card ${card[0]}`;
  element.setAttribute("aria-label", `${WORDS[card[0]]} ${card[1]}`);
  element.replaceChildren(...["span", "span", "b"].map((tag) => Object.assign(document.createElement(tag), { textContent: card[1] })));
}

function show(table) {
  $("say").textContent = said(table);
  $("piles").hidden = table.state === "waiting";
  $("again").hidden = table.state !== "over";
  $("draw").disabled = !table.yours;
  if (table.top) face($("top"), table.top);
  $("others").replaceChildren(...table.others.map((other) => opponent(other, other.name === table.turn)));
  $("hand").replaceChildren(...table.hand.map((card) => inHand(card, table)));
}

function said(table) {
  if (table.state === "waiting") return "Waiting for somebody to play with …";
  if (table.state === "over") return table.hand.length === 0 ? "You win!" : `${table.winner} wins.`;
  if (!table.yours) return `${table.turn} is thinking …`;
  return table.hand.some((card) => fits(card, table.top)) ? "Your turn: play a card that fits." : "Nothing fits: draw a card.";
}

function opponent({ name, cards }, isTheirTurn) {
  const element = document.createElement("div");
  element.className = isTheirTurn ? "other turn" : "other";
  const backs = document.createElement("span");
  backs.className = "backs";
  backs.append(...Array.from({ length: Math.min(cards, 12) }, () => document.createElement("i")));
  element.append(name, backs, String(cards));
  return element;
}

function inHand(card, table) {
  const element = document.createElement("button");
  face(element, card);
  const isPlayable = table.yours && fits(card, table.top);
  element.disabled = !isPlayable;
  element.classList.toggle("playable", isPlayable);
  element.addEventListener("click", () => send(PLAY, { card }));
  return element;
}
