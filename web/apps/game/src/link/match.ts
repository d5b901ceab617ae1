/** The plaza by its match: a Nakama-compatible client, one socket, one match, one chat channel. Nothing else in the game knows the client. */

import { Client, type Match, type MatchData, type Session, type Socket } from "@heroiclabs/nakama-js";
import { decode, type Emote, encodeEmote, encodeRun, encodeWear, Op, type Ware, type Welcome } from "@kitewind/sim";
import { type Endpoint, explain, type Feedback, messageOf } from "@supergame/guest";
import { type Link, LinkError, type LinkListener, type Trouble } from "./link";

const FUNCTION = "kitewind.plaza";
const FEEDBACK = "sg.feedback";
const WELCOME_WITHIN_MS = 5000;
const RENEW_BEFORE_MS = 15_000; // tokens may live one minute; the client would renew them five minutes before their end
const ROOM = 1; // nakama-js's number for a chat room

interface Place {
  match_id: string;
  channel: string;
}

/** What one join has opened. */
interface Seat {
  client: Client;
  session: Session;
  socket: Socket;
  matchId: string;
  channelId: string;
}

export class MatchLink implements Link {
  readonly #at: Endpoint;
  readonly #deviceId: string;
  readonly #listener: LinkListener;
  #seat: Seat | undefined;

  constructor(at: Endpoint, deviceId: string, listener: LinkListener) {
    [this.#at, this.#deviceId, this.#listener] = [at, deviceId, listener];
  }

  async join(name: string, look: string): Promise<Welcome> {
    this.leave();
    try {
      return await this.#join(name, look);
    } catch (error) {
      if (error instanceof LinkError) throw error;
      throw await troubleOf(error);
    }
  }

  async #join(name: string, look: string): Promise<Welcome> {
    const tls = this.#at.scheme === "https";
    const client = new Client(this.#at.key, this.#at.host, String(this.#at.port), tls);
    client.expiredTimespanMs = RENEW_BEFORE_MS;
    const session = await client.authenticateDevice(this.#deviceId, true);
    const place = (await client.rpc(session, FUNCTION, {})).payload as Place;
    const socket = client.createSocket(tls);
    try {
      return await this.#enter(client, socket, session, place, { name, look });
    } catch (error) {
      socket.disconnect(false);
      throw error;
    }
  }

  async #enter(client: Client, socket: Socket, session: Session, place: Place, metadata: { name: string; look: string }): Promise<Welcome> {
    await socket.connect(session, true);
    const welcome = this.#listen(socket);
    const [match, channel] = await Promise.all([
      socket.joinMatch(place.match_id, undefined, metadata),
      socket.joinChat(place.channel, ROOM, false, false),
    ]);
    this.#seat = { client, session, socket, matchId: (match as Match).match_id, channelId: channel.id };
    return welcome;
  }

  /** The welcome comes among the match's data, before or after the answer to the join. */
  #listen(socket: Socket): Promise<Welcome> {
    socket.onchannelmessage = ({ sender_id, content }) => {
      const text = (content as { text?: unknown } | undefined)?.text;
      if (typeof text === "string" && sender_id) this.#listener.said(sender_id, text);
    };
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new LinkError("unreachable", "no welcome came")), WELCOME_WITHIN_MS);
      socket.onmatchdata = ({ op_code, data }: MatchData) => {
        const message = decode(Number(op_code), data);
        if (message === null) return; // a newer server may say more than we know
        if (message.type !== "welcome") return this.#listener.message(message);
        clearTimeout(late);
        resolve(message);
      };
      socket.ondisconnect = () => {
        clearTimeout(late);
        reject(new LinkError("unreachable", "the socket closed"));
        if (this.#seat?.socket !== socket) return;
        this.#seat = undefined;
        this.#listener.lost();
      };
    });
  }

  sendInputs(batch: Uint8Array): void {
    this.#send(Op.inputs, batch);
  }

  emote(emote: Emote): void {
    this.#send(Op.emote, encodeEmote(emote));
  }

  wear(ware: Ware): void {
    this.#send(Op.wear, encodeWear(ware));
  }

  run(begins: boolean): void {
    this.#send(Op.run, encodeRun(begins));
  }

  #send(op: number, data: Uint8Array): void {
    const seat = this.#seat;
    // The answer does not matter: what was lost with the connection, the next welcome makes good.
    seat?.socket.sendMatchState(seat.matchId, op, data).catch(() => undefined);
  }

  async say(text: string): Promise<void> {
    const seat = this.#seat;
    if (!seat) throw new LinkError("unreachable", "not in the plaza");
    await seat.socket.writeChatMessage(seat.channelId, { text }).catch(async (error: unknown) => {
      throw await troubleOf(error);
    });
  }

  async tell(feedback: Feedback): Promise<void> {
    const seat = this.#seat;
    if (!seat) throw new LinkError("unreachable", "not in the plaza");
    await seat.client.rpc(seat.session, FEEDBACK, messageOf(feedback)).catch(async (error: unknown) => {
      throw await troubleOf(error);
    });
  }

  leave(): void {
    const seat = this.#seat;
    this.#seat = undefined; // first: the socket's own `ondisconnect` is no loss then
    seat?.socket.disconnect(false);
  }
}

const BY_STATUS: Readonly<Record<number, Trouble>> = { 0: "unreachable", 401: "wrong-key", 404: "not-kitewind", 429: "too-fast" };

async function troubleOf(error: unknown): Promise<LinkError> {
  const failure = await explain(error);
  const isSocketError = failure.status === 0 && failure.code !== 0;
  return new LinkError(isSocketError ? "refused" : (BY_STATUS[failure.status] ?? "refused"), failure.message);
}
