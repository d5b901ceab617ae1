/** What a title's own page needs to play, served as `/sdk/supergame.js`: Nakama's client, and the few lines that each page would repeat.
 *
 *     import { enter, onMatch } from "/sdk/supergame.js";
 *     const { client, session, socket } = await enter("Ada");
 */

import { Client, type MatchData, type Session, type Socket } from "@heroiclabs/nakama-js";
import { deviceId, endpointOf, explain, keepName, knownName, openShelf, suggestName } from "@supergame/guest";

export { Client } from "@heroiclabs/nakama-js";
export { explain };

/** One signed-in player with an open socket. */
export interface Entered {
  client: Client;
  session: Session;
  socket: Socket;
}

const shelf = openShelf(() => localStorage);

/** Who plays in this tab: `?player=2` is somebody else on the same machine, to try a game alone. */
const seat = new URLSearchParams(location.search).get("player") ?? "";

/** The name that this browser's player has, or a suggestion. */
export function name(): string {
  return (seat === "" && knownName(shelf)) || suggestName();
}

/** Sign in as the player whom this browser remembers, under this name, and connect. Rejects with what `explain` puts into words. */
export async function enter(wanted: string = name()): Promise<Entered> {
  const at = endpointOf(location);
  const isSecure = at.scheme === "https";
  const client = new Client(at.key, at.host, String(at.port), isSecure);
  const session = await signIn(client, deviceId(shelf) + seat, wanted);
  if (seat === "") keepName(shelf, wanted);
  const socket = client.createSocket(isSecure);
  await socket.connect(session, true);
  return { client, session, socket };
}

/** A device that is known keeps its account and is renamed; only a token that was made afterwards tells others the new name. */
async function signIn(client: Client, device: string, wanted: string): Promise<Session> {
  const session = await client.authenticateDevice(device, true, wanted);
  if (session.created || session.username === wanted) return session;
  await client.updateAccount(session, { username: wanted });
  return client.authenticateDevice(device, true, wanted);
}

const decoder = new TextDecoder();

/** Hear of a match: each message's JSON by its op code, then whom it came from, if from a player. */
export function onMatch(socket: Socket, hear: (opCode: number, message: unknown, from: string) => void): void {
  socket.onmatchdata = (data: MatchData) => {
    const text = decoder.decode(data.data);
    hear(data.op_code, text === "" ? undefined : JSON.parse(text), data.presence?.user_id ?? "");
  };
}
