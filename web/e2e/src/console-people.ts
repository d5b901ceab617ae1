/** Life on a server for its operators to look at: people who play, talk, complain and keep things. */

import { Client, type Session, type Socket } from "@heroiclabs/nakama-js";
import type { Target } from "./scenarios.ts";

type Reached = Target & { url: string };

export interface Person {
  name: string;
  session: Session;
  socket: Socket;
}

const TALK: [number, string][] = [
  [0, "who wants to race to the great kite?"],
  [1, "me! give me a moment, I am at the fountain"],
  [2, "the wind is good today"],
  [3, "your kite is ugly and so are you"],
  [2, "hey. no need for that"],
  [1, "that was not nice"],
  [3, "nobody asked you"],
  [0, "let us just fly, ready?"],
  [4, "ready"],
  [1, "three, two, one..."],
];
const RUDE = [3, 6];

/** Signs everybody in, lets them talk in a room, keep a save each and share a match, and complain about two lines. */
export async function enliven(target: Reached, names: string[]): Promise<{ people: Person[]; leave: () => void }> {
  const client = new Client(target.key, target.host, target.port, target.tls);
  const people = await Promise.all(names.map((name, place) => arrive(client, target, name, place)));
  const said = await talk(people);
  await Promise.all(people.map(({ session }, place) => keep(client, session, place)));
  await Promise.all(RUDE.map((line) => complain(target, people[0]!, said[line]!)));
  const match = await people[0]!.socket.createMatch();
  await Promise.all(people.slice(1).map(({ socket }) => socket.joinMatch(match.match_id)));
  return { people, leave: () => people.forEach(({ socket }) => socket.disconnect(false)) };
}

/** One more comes, and does nothing else. */
export const arriveAt = (target: Reached, name: string): Promise<Person> => arrive(new Client(target.key, target.host, target.port, target.tls), target, name, 0);

async function arrive(client: Client, target: Reached, name: string, place: number): Promise<Person> {
  const session = await client.authenticateDevice(`console-e2e-device-${place}-${name}`, true, name.toLowerCase());
  await client.updateAccount(session, { display_name: name, lang_tag: place % 2 ? "de" : "en", location: place % 2 ? "Hamburg" : "Oban" });
  const socket = client.createSocket(target.tls);
  await socket.connect(session, true);
  return { name, session, socket };
}

/** Line by line, so that they stand in this order; answers the ids. */
async function talk(people: Person[]): Promise<string[]> {
  const channels = await Promise.all(people.map(({ socket }) => socket.joinChat("harbour", 1, true, false)));
  const ids: string[] = [];
  for (const [who, text] of TALK) {
    const place = who % people.length;
    const ack = await people[place]!.socket.writeChatMessage(channels[place]!.id, { text });
    ids.push(ack.message_id);
  }
  return ids;
}

async function keep(client: Client, session: Session, place: number): Promise<void> {
  await client.writeStorageObjects(session, [
    { collection: "saves", key: "slot-1", value: { stage: "harbour", coins: 7 * place, feathers: [1, 4] }, permission_read: 1, permission_write: 1 },
    { collection: "kites", key: "favourite", value: { colour: ["red", "teal", "gold"][place % 3], tails: place }, permission_read: 2, permission_write: 1 },
  ]);
}

async function complain(target: Reached, by: Person, message_id: string): Promise<void> {
  const reply = await fetch(`${target.url}/sg/v1/reports`, {
    method: "POST",
    headers: { Authorization: `Bearer ${by.session.token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ kind: "message", message_id, reason: "harassment", words: "Please look at this." }),
  });
  if (!reply.ok) throw new Error(`the report was refused: ${reply.status} ${await reply.text()}`);
}
