/** The sign-in that the page offers: one guest, one session, and the calls that it made. The parts draw it; nothing here draws. */

import { Client, type Session, type Socket } from "@heroiclabs/nakama-js";
import { deviceId, type Endpoint, type Failure, forgetDevice, keepName, knownName, openShelf, type Shelf } from "@supergame/guest";
import { type Call, type Outcome, timed } from "./calls";

const CALLS_KEPT = 40;
const RENEW_BEFORE_MS = 15_000;
const NOTE = { collection: "page", key: "note" };

export interface Player {
  id: string;
  name: string;
  devices: number;
  since: string;
}

export type Place = "pass" | "note" | "rpc" | "socket";

export interface Note {
  text: string;
  version: string;
}

export class Play {
  readonly #client: Client;
  readonly #tls: boolean;
  readonly #shelf: Shelf;
  #session: Session | undefined;
  #socket: Socket | undefined;
  #count = 0;

  calls = $state.raw<Call[]>([]);
  player = $state.raw<Player>();
  note = $state.raw<Note>();
  busy = $state(false);
  live = $state(false);
  answer = $state("");
  /** What went wrong with the last thing one tried, in words that say what to do, and where on the page it belongs. */
  problem = $state.raw<{ place: Place; text: string }>();
  welcomedBack = $state("");

  constructor(at: Endpoint, storage: () => Shelf = () => localStorage) {
    this.#tls = at.scheme === "https";
    this.#client = new Client(at.key, at.host, String(at.port), this.#tls);
    // The client renews a token five minutes before its end; where tokens live one minute, that would be before every call.
    this.#client.expiredTimespanMs = RENEW_BEFORE_MS;
    this.#shelf = openShelf(storage);
    this.welcomedBack = knownName(this.#shelf);
  }

  async signIn(name: string): Promise<void> {
    const entered = await this.#try("pass", "authenticateDevice", () => this.#client.authenticateDevice(deviceId(this.#shelf), true, name));
    if (!entered.ok) return;
    const session = entered.value;
    // A device that is known keeps its account, whatever name it asks for: renaming is a request of its own.
    if (!session.created && session.username !== name) {
      const renamed = await this.#try("pass", "updateAccount", () => this.#client.updateAccount(session, { username: name }));
      if (!renamed.ok) return;
    }
    this.#session = session;
    keepName(this.#shelf, name);
    await this.showAccount();
  }

  async showAccount(): Promise<void> {
    const got = await this.#withSession("pass", "getAccount", (session) => this.#client.getAccount(session));
    if (!got?.ok) return;
    const { user, devices } = got.value;
    this.player = { id: user?.id ?? "", name: user?.username ?? "", devices: devices?.length ?? 0, since: user?.create_time ?? "" };
    this.welcomedBack = this.player.name;
  }

  async writeNote(text: string): Promise<void> {
    const object = { ...NOTE, value: { text }, permission_read: 1, permission_write: 1 };
    const written = await this.#withSession("note", "writeStorageObjects", (session) => this.#client.writeStorageObjects(session, [object]));
    if (written?.ok) this.note = { text, version: written.value.acks?.[0]?.version ?? "" };
  }

  async readNote(): Promise<void> {
    const read = await this.#withSession("note", "readStorageObjects", (session) =>
      this.#client.readStorageObjects(session, { object_ids: [{ ...NOTE, user_id: session.user_id ?? "" }] }),
    );
    if (!read?.ok) return;
    const found = read.value.objects[0];
    if (!found) this.problem = { place: "note", text: "Nothing is kept yet. Write a note first." };
    else this.note = { text: String((found.value as { text?: unknown } | undefined)?.text ?? ""), version: found.version ?? "" };
  }

  async callRpc(id: string, payload: string): Promise<void> {
    let input: unknown;
    try {
      input = payload.trim() === "" ? {} : JSON.parse(payload);
    } catch {
      this.problem = { place: "rpc", text: `The payload is not JSON. Try {"name": "you"}.` };
      return;
    }
    this.answer = "";
    const answered = await this.#withSession("rpc", `rpc ${id}`, (session) => this.#client.rpc(session, id, input as object));
    if (answered?.ok) this.answer = JSON.stringify(answered.value.payload) ?? "nothing";
  }

  async openSocket(): Promise<void> {
    const socket = this.#client.createSocket(this.#tls);
    socket.ondisconnect = () => {
      this.live = false;
    };
    const opened = await this.#withSession("socket", "socket.connect", async (session) => {
      await socket.connect(session, true);
      return { connected: true };
    });
    if (!opened?.ok) return;
    this.#socket = socket;
    this.live = true;
  }

  closeSocket(): void {
    this.#socket?.disconnect(false);
    this.#socket = undefined;
    this.live = false;
  }

  async signOut(): Promise<void> {
    await this.#withSession("pass", "sessionLogout", (session) => this.#client.sessionLogout(session, session.token, session.refresh_token));
    this.closeSocket();
    this.#session = undefined;
    this.player = undefined;
    this.note = undefined;
    this.answer = "";
  }

  async forget(): Promise<void> {
    await this.signOut();
    forgetDevice(this.#shelf);
    this.welcomedBack = "";
  }

  async #withSession<T>(
    place: Place,
    name: string,
    work: (session: Session) => Promise<T>,
  ): Promise<Outcome<T> | undefined> {
    const session = this.#session;
    return session && this.#try(place, name, () => work(session));
  }

  async #try<T>(place: Place, name: string, work: () => Promise<T>): Promise<Outcome<T>> {
    this.busy = true;
    this.problem = undefined;
    const outcome = await timed(name, work, (call) => {
      this.calls = [{ ...call, number: ++this.#count }, ...this.calls].slice(0, CALLS_KEPT);
    });
    this.busy = false;
    if (!outcome.ok) this.problem = { place, text: advice(name, outcome.failure) };
    return outcome;
  }
}

export function advice(name: string, failure: Failure): string {
  if (name === "authenticateDevice" && failure.status === 401)
    return "This server has a key of its own. Open the address printed in the terminal: it carries the key after #key=.";
  if (failure.status === 401) return "The session has ended. Sign out and in again.";
  if (failure.status === 409) return "Somebody here has that name already. Roll the dice for another.";
  if (failure.status === 429) return "A bit fast. Wait a moment, then try again.";
  return failure.message;
}
