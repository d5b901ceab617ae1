/** What a game does with the published client, feature by feature. Every scenario makes its own users, so they may run in any order and on a used
    database. Nothing here knows whether Node or a browser runs it. */

import {
  type ChannelMessage,
  Client,
  type MatchData,
  type MatchPresenceEvent,
  type Session,
  type Socket,
  type StatusPresenceEvent,
  WebSocketAdapterText,
} from "@heroiclabs/nakama-js";
import { WebSocketAdapterPb } from "@heroiclabs/nakama-js-protobuf";
import { equal, ok, refused, within } from "./assert.ts";

export interface Target {
  host: string;
  port: string;
  tls: boolean;
  key: string;
  httpKey: string;
  /** How sockets write their messages. */
  format: "json" | "protobuf";
}

export type Scenario = (game: Game) => Promise<void>;

const NOT_FOUND = [404, 5] as const;
const WRONG = [401, 16] as const;
const INVALID = [400, 3] as const;
const TAKEN = [409, 6] as const;
const FORBIDDEN = [403, 7] as const;

const PASSWORD = "correct horse battery";
const MD5 = /^[0-9a-f]{32}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let made = 0;

/** One scenario's view of the server: a client and fresh names. */
export class Game {
  readonly client: Client;
  readonly target: Target;
  readonly #run = Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(36).padStart(2, "0")).join("");

  constructor(target: Target) {
    this.target = target;
    this.client = this.newClient();
  }

  /** Without automatic refreshing, so that a dead token is seen to be dead. */
  newClient({ key = this.target.key, refresh = false } = {}): Client {
    return new Client(key, this.target.host, this.target.port, this.target.tls, 10_000, refresh);
  }

  newSocket(format = this.target.format): Socket {
    const adapter = format === "protobuf" ? new WebSocketAdapterPb() : new WebSocketAdapterText();
    return this.client.createSocket(this.target.tls, false, adapter);
  }

  readonly fresh = (prefix: string): string => {
    made += 1;
    return `${prefix}-${this.#run}-${made}`;
  };

  readonly email = (): string => `${this.fresh("mail")}@example.org`;

  /** A new guest, as most games sign one in. */
  guest(name = this.fresh("guest")): Promise<Session> {
    return this.client.authenticateDevice(this.fresh("device"), true, name);
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const scheme = this.target.tls ? "https" : "http";
    return fetch(`${scheme}://${this.target.host}:${this.target.port}${path}`, init);
  }
}

const idOf = (session: Session): string => {
  ok(session.user_id, "the session names its user");
  return session.user_id;
};

// --- accounts ---------------------------------------------------------------------------------------------------------------------

export async function device_creates_once_and_returns({ client, fresh }: Game): Promise<void> {
  const [id, name] = [fresh("device"), fresh("ada")];
  const first = await client.authenticateDevice(id, true, name);
  equal([first.created, first.username], [true, name], "the first sign-in makes the account with the chosen name");
  ok(UUID.test(idOf(first)), "a user id is a UUID");
  const again = await client.authenticateDevice(id, true, fresh("other"));
  equal([again.created, again.user_id, again.username], [false, first.user_id, name], "the next one finds it, whatever name it asks for");
}

export async function device_without_create_is_not_found({ client, fresh }: Game): Promise<void> {
  const id = fresh("device");
  await refused(client.authenticateDevice(id, false), ...NOT_FOUND, "create=false never creates");
  const made = await client.authenticateDevice(id);
  ok(made.created, "the refused attempt left nothing behind, and create is the default");
  ok(made.username, "a name is made up when none is given");
}

export async function bad_identifiers_are_invalid({ client }: Game): Promise<void> {
  await refused(client.authenticateDevice("short", true), ...INVALID, "a device id has at least 10 characters");
  await refused(client.authenticateDevice("with space in it", true), ...INVALID, "a device id has no spaces");
  await refused(client.authenticateCustom("tiny", true), ...INVALID, "a custom id has at least 6 characters");
  await refused(client.authenticateEmail("not an address", PASSWORD, true), ...INVALID, "an address looks like one");
}

export async function wrong_server_key_is_refused(game: Game): Promise<void> {
  const client = game.newClient({ key: "wrong-key" });
  await refused(client.authenticateDevice(game.fresh("device"), true), ...WRONG, "only a title's key signs in");
}

export async function email_signs_in_by_password({ client, email, fresh }: Game): Promise<void> {
  const [address, name] = [email(), fresh("grace")];
  const first = await client.authenticateEmail(address, PASSWORD, true, name);
  equal([first.created, first.username], [true, name], "an address and a password make an account");
  const again = await client.authenticateEmail(address.toUpperCase(), PASSWORD, false);
  equal([again.created, again.user_id], [false, first.user_id], "the case of an address does not matter");
  await refused(client.authenticateEmail(address, "wrong password", false), ...WRONG, "a wrong password does not sign in");
  await refused(client.authenticateEmail(address, "wrong password", true), ...WRONG, "nor does it create a second account");
  await refused(client.authenticateEmail(email(), PASSWORD, false), ...NOT_FOUND, "an unknown address is not found");
  await refused(client.authenticateEmail(email(), "short", true), ...INVALID, "a password has at least 8 characters");
}

export async function name_and_password_sign_in({ client, email, fresh }: Game): Promise<void> {
  const name = fresh("grace");
  const first = await client.authenticateEmail(email(), PASSWORD, true, name);
  const byName = await client.authenticateEmail("", PASSWORD, false, name);
  equal(byName.user_id, first.user_id, "without an address the user name stands in for it");
  await refused(client.authenticateEmail("", "wrong password", false, name), ...WRONG, "with the right password only");
}

export async function custom_id_signs_in({ client, fresh }: Game): Promise<void> {
  const id = fresh("custom");
  const first = await client.authenticateCustom(id, true, fresh("alan"));
  const again = await client.authenticateCustom(id, false);
  equal([first.created, again.created, again.user_id], [true, false, first.user_id], "a custom id finds its account");
  await refused(client.authenticateCustom(fresh("custom"), false), ...NOT_FOUND, "an unknown one does not");
}

export async function taken_names_conflict(game: Game): Promise<void> {
  const name = game.fresh("ada");
  await game.guest(name);
  const { client, fresh } = game;
  await refused(client.authenticateDevice(fresh("device"), true, name), ...TAKEN, "a device cannot take a name that is taken");
  await refused(client.authenticateCustom(fresh("custom"), true, name), ...TAKEN, "nor can a custom id");
  await refused(client.authenticateEmail(game.email(), PASSWORD, true, name), ...TAKEN, "nor an address");
}

export async function variables_travel_in_the_session({ client, fresh }: Game): Promise<void> {
  const vars = { build: "1.2.3", "with space": "ä€😀" };
  const session = await client.authenticateDevice(fresh("device"), true, fresh("vera"), vars);
  const { payload } = await client.rpc(session, "conformance.context", {});
  equal((payload as { vars?: unknown }).vars, vars, "functions see the variables that the client signed in with");
}

export async function account_is_read_and_updated(game: Game): Promise<void> {
  const { client } = game;
  const deviceId = game.fresh("device");
  const session = await client.authenticateDevice(deviceId, true, game.fresh("ada"));
  const before = await client.getAccount(session);
  equal([before.user?.id, before.user?.username], [session.user_id, session.username], "the account is the session's");
  equal(before.devices?.map((device) => device.id), [deviceId], "it names its device");
  const changed = {
    username: game.fresh("countess"),
    display_name: "Ada – Königin der Lüfte 🪁",
    avatar_url: "https://example.org/a.png",
    location: "London",
    lang_tag: "de",
    timezone: "Europe/London",
  };
  ok(await client.updateAccount(session, changed), "an update is acknowledged");
  const after = await client.getAccount(session);
  const { id: _id, metadata: _m, create_time: _c, update_time: _u, ...kept } = after.user ?? {};
  equal({ ...kept }, changed, "every field comes back as it was written");
  await client.updateAccount(session, { location: "Paris" });
  equal((await client.getAccount(session)).user?.display_name, changed.display_name, "a field that is not sent stays");
}

export async function updates_that_break_rules_are_invalid(game: Game): Promise<void> {
  const [ada, bob] = [await game.guest(), await game.guest()];
  await refused(game.client.updateAccount(ada, { username: bob.username ?? "" }), ...INVALID, "somebody else's name");
  await refused(game.client.updateAccount(ada, { username: "" }), ...INVALID, "an empty name");
  equal((await game.client.getAccount(ada)).user?.username, ada.username, "a refused update changes nothing");
}

export async function deleted_account_is_gone(game: Game): Promise<void> {
  const { client } = game;
  const [id, name] = [game.fresh("device"), game.fresh("ada")];
  const session = await client.authenticateDevice(id, true, name);
  const witness = await game.guest();
  ok(await client.deleteAccount(session), "deleting is acknowledged");
  await refused(client.getAccount(session), ...WRONG, "its token is dead");
  await refused(client.sessionRefresh(session), ...WRONG, "its refresh token is dead");
  await refused(client.authenticateDevice(id, false), ...NOT_FOUND, "its device no longer signs in");
  equal((await client.getUsers(witness, [idOf(session)])).users ?? [], [], "nobody finds it");
  const next = await client.authenticateDevice(id, true, name);
  ok(next.created && next.user_id !== session.user_id, "device and name are free for a new account");
}

export async function identities_are_linked_and_unlinked(game: Game): Promise<void> {
  const { client } = game;
  const [first, second, custom, email] = [game.fresh("device"), game.fresh("device"), game.fresh("custom"), game.email()];
  const session = await client.authenticateDevice(first, true, game.fresh("ada"));
  ok(await client.linkDevice(session, { id: second }), "a second device is linked");
  ok(await client.linkCustom(session, { id: custom }), "a custom id is linked");
  ok(await client.linkEmail(session, { email, password: PASSWORD }), "an address is linked");

  const linked = await client.getAccount(session);
  equal([linked.devices?.map((device) => device.id).sort(), linked.custom_id, linked.email], [[first, second].sort(), custom, email], "the account lists them");
  const entered = [
    await client.authenticateDevice(second, false),
    await client.authenticateCustom(custom, false),
    await client.authenticateEmail(email, PASSWORD, false),
  ];
  equal(entered.map((each) => each.user_id), Array(3).fill(session.user_id), "each of them signs in to the same account");

  ok(await client.unlinkDevice(session, { id: first }), "the first device is unlinked");
  await refused(client.authenticateDevice(first, false), ...NOT_FOUND, "and no longer signs in");
  ok(await client.unlinkCustom(session, { id: custom }), "the custom id is unlinked");
  await refused(client.authenticateCustom(custom, false), ...NOT_FOUND, "and no longer signs in");
  ok(await client.unlinkEmail(session, { email, password: PASSWORD }), "the address is unlinked");
  await refused(client.authenticateEmail(email, PASSWORD, false), ...NOT_FOUND, "and no longer signs in");
  await refused(client.unlinkDevice(session, { id: second }), ...FORBIDDEN, "the last identity stays");
  equal((await client.authenticateDevice(second, false)).user_id, session.user_id, "and still signs in");
}

export async function identities_of_others_cannot_be_linked(game: Game): Promise<void> {
  const { client } = game;
  const [device, custom, email] = [game.fresh("device"), game.fresh("custom"), game.email()];
  const owner = await client.authenticateDevice(device, true, game.fresh("ada"));
  await client.linkCustom(owner, { id: custom });
  await client.linkEmail(owner, { email, password: PASSWORD });
  const thief = await game.guest();
  await refused(client.linkDevice(thief, { id: device }), ...TAKEN, "another's device");
  await refused(client.linkCustom(thief, { id: custom }), ...TAKEN, "another's custom id");
  await refused(client.linkEmail(thief, { email, password: PASSWORD }), ...TAKEN, "another's address");
}

export async function users_are_found_by_id_and_name(game: Game): Promise<void> {
  const { client } = game;
  const [ada, bob, eve] = [await game.guest(), await game.guest(), await game.guest()];
  await client.updateAccount(bob, { display_name: "Bob" });
  const names = async (ids: string[], usernames: string[]): Promise<unknown> =>
    ((await client.getUsers(ada, ids, usernames)).users ?? []).map((user) => user.username).sort();
  equal(await names([idOf(bob), idOf(eve)], []), [bob.username, eve.username].sort(), "by ids");
  equal(await names([], [ada.username ?? "", bob.username ?? ""]), [ada.username, bob.username].sort(), "by names");
  equal(await names([idOf(bob)], [eve.username ?? ""]), [bob.username, eve.username].sort(), "by both");
  equal(await names([idOf(bob)], [bob.username ?? ""]), [bob.username], "nobody is listed twice");
  equal(await names([], [game.fresh("nobody")]), [], "an unknown name finds nobody");
  equal(await names([], []), [], "asking for nobody finds nobody");
  const shown = (await client.getUsers(ada, [idOf(bob)])).users?.[0];
  equal(shown?.display_name, "Bob", "others see the display name");
  ok(!JSON.stringify(shown).includes("device-"), "but no identifier that signs in");
}

// --- sessions ---------------------------------------------------------------------------------------------------------------------

export async function session_is_refreshed(game: Game): Promise<void> {
  const { client } = game;
  const session = await client.authenticateDevice(game.fresh("device"), true, game.fresh("ada"), { stage: "one" });
  const before = { id: session.user_id, expires: session.expires_at ?? 0 };
  const refreshed = await client.sessionRefresh(session);
  equal([refreshed.user_id, (refreshed.expires_at ?? 0) >= before.expires], [before.id, true], "the same user, living at least as long");
  equal(refreshed.vars, { stage: "one" }, "variables stay");
  const replaced = await client.sessionRefresh(refreshed, { stage: "two" });
  equal(replaced.vars, { stage: "two" }, "unless new ones are given");
  equal((await client.getAccount(replaced)).user?.id, before.id, "the new token works");
}

export async function client_renews_by_itself(game: Game): Promise<void> {
  const client = game.newClient({ refresh: true });
  client.expiredTimespanMs = 365 * 24 * 3600 * 1000; // every token counts as nearly spent, so each request renews first
  const session = await client.authenticateDevice(game.fresh("device"), true, game.fresh("ada"));
  for (let round = 0; round < 3; round += 1) equal((await client.getAccount(session)).user?.id, session.user_id, `renewal ${round + 1}`);
}

export async function tokens_do_not_stand_in_for_each_other(game: Game): Promise<void> {
  const { client } = game;
  const session = await game.guest();
  const swapped = await game.guest();
  swapped.token = session.refresh_token;
  await refused(client.getAccount(swapped), ...WRONG, "a refresh token opens no account");
  swapped.refresh_token = session.token;
  await refused(client.sessionRefresh(swapped), ...WRONG, "a session token renews nothing");
  swapped.token = `${session.token.slice(0, -6)}AAAAAA`;
  await refused(client.getAccount(swapped), ...WRONG, "a forged signature opens nothing");
}

export async function logout_ends_one_session(game: Game): Promise<void> {
  const { client } = game;
  const id = game.fresh("device");
  const phone = await client.authenticateDevice(id, true, game.fresh("ada"));
  const tablet = await client.authenticateDevice(id, true);
  ok(await client.sessionLogout(phone, phone.token, phone.refresh_token), "logging out is acknowledged");
  await refused(client.getAccount(phone), ...WRONG, "its token is dead");
  await refused(client.sessionRefresh(phone), ...WRONG, "its refresh token is dead");
  equal((await client.getAccount(tablet)).user?.id, tablet.user_id, "the other session goes on");
  equal((await client.sessionRefresh(tablet)).user_id, phone.user_id, "and renews");
}

export async function logout_everywhere_ends_all(game: Game): Promise<void> {
  const { client } = game;
  const id = game.fresh("device");
  const sessions = [await client.authenticateDevice(id, true, game.fresh("ada")), await client.authenticateDevice(id, true)] as const;
  ok(await client.sessionLogout(sessions[0], "", ""), "no tokens named means all of them");
  for (const session of sessions) {
    await refused(client.getAccount(session), ...WRONG, "every token is dead");
    await refused(client.sessionRefresh(session), ...WRONG, "every refresh token is dead");
  }
}

export async function logout_of_another_user_is_refused(game: Game): Promise<void> {
  const { client } = game;
  const [ada, eve] = [await game.guest(), await game.guest()];
  await refused(client.sessionLogout(eve, ada.token, ada.refresh_token), ...INVALID, "somebody else's tokens");
  equal((await client.getAccount(ada)).user?.id, ada.user_id, "ada is still there");
}

// --- storage ----------------------------------------------------------------------------------------------------------------------

export async function object_is_written_read_and_deleted(game: Game): Promise<void> {
  const { client } = game;
  const session = await game.guest();
  const at = { collection: game.fresh("save"), key: "slot1" };
  const value = { level: 7, hero: "Ada – 🪁", bag: [{ id: 1 }, { id: 2 }], nothing: null, half: 0.5 };
  const { acks } = await client.writeStorageObjects(session, [{ ...at, value }]);
  equal([acks?.length, acks?.[0]?.collection, acks?.[0]?.key, acks?.[0]?.user_id], [1, at.collection, at.key, session.user_id], "one acknowledgement");
  ok(MD5.test(acks?.[0]?.version ?? ""), "a version is the MD5 of the value");
  const mine = { object_ids: [{ ...at, user_id: idOf(session) }] };
  const { objects } = await client.readStorageObjects(session, mine);
  equal([objects.length, objects[0]?.value, objects[0]?.version], [1, value, acks?.[0]?.version], "it is read back as it was written");
  equal([objects[0]?.permission_read, objects[0]?.permission_write], [1, 1], "the owner alone reads and writes, unless told otherwise");
  ok(await client.deleteStorageObjects(session, { object_ids: [at] }), "deleting is acknowledged");
  equal((await client.readStorageObjects(session, mine)).objects, [], "and it is gone");
}

export async function equal_values_have_equal_versions(game: Game): Promise<void> {
  const session = await game.guest();
  const [collection, value] = [game.fresh("save"), { a: 1 }];
  const { acks } = await game.client.writeStorageObjects(session, [{ collection, key: "x", value }, { collection, key: "y", value }]);
  equal(acks?.map((ack) => ack.version), Array(2).fill("bb6cb5c68df4652941caf652a366f2d8"), `the MD5 of {"a":1}`);
}

export async function permissions_hold_between_users(game: Game): Promise<void> {
  const { client } = game;
  const [ada, bob] = [await game.guest(), await game.guest()];
  const collection = game.fresh("save");
  const write = (key: string, permission_read: number, permission_write: number) => ({ collection, key, value: { key }, permission_read, permission_write });
  await client.writeStorageObjects(ada, [write("public", 2, 1), write("owner", 1, 1), write("hidden", 0, 1), write("sealed", 1, 0)]);
  const object_ids = ["public", "owner", "hidden", "sealed"].map((key) => ({ collection, key, user_id: idOf(ada) }));
  const keys = async (session: Session) => (await client.readStorageObjects(session, { object_ids })).objects.map((object) => object.key).sort();
  equal(await keys(ada), ["owner", "public", "sealed"], "the owner reads what is hers, not what is hidden");
  equal(await keys(bob), ["public"], "others read what is public");
  const listed = async (session: Session) => (await client.listStorageObjects(session, collection, idOf(ada), 100)).objects.map((object) => object.key).sort();
  equal(await listed(ada), ["owner", "public", "sealed"], "her list");
  equal(await listed(bob), ["public"], "the list that others get");
  await refused(client.writeStorageObjects(ada, [write("sealed", 2, 1)]), ...INVALID, "what is sealed cannot be written, even by its owner");
  await refused(client.deleteStorageObjects(ada, { object_ids: [{ collection, key: "sealed" }] }), ...INVALID, "nor deleted");
  await refused(client.deleteStorageObjects(bob, { object_ids: [{ collection, key: "public" }] }), ...INVALID, "bob has no such object to delete");
  await client.writeStorageObjects(bob, [{ ...write("public", 2, 1), value: { by: "bob" } }]);
  const theirs = await client.readStorageObjects(bob, { object_ids: [{ collection, key: "public", user_id: idOf(ada) }] });
  equal(theirs.objects[0]?.value, { key: "public" }, "writing the same key writes one's own object, never ada's");
}

export async function versions_guard_writes_and_deletes(game: Game): Promise<void> {
  const { client } = game;
  const session = await game.guest();
  const at = { collection: game.fresh("save"), key: "slot1" };
  const write = async (value: object, version?: string): Promise<string> =>
    (await client.writeStorageObjects(session, [{ ...at, value, ...(version === undefined ? {} : { version }) }])).acks?.[0]?.version ?? "";
  const first = await write({ n: 1 }, "*");
  await refused(write({ n: 2 }, "*"), ...INVALID, "* writes only what is not there yet");
  const second = await write({ n: 2 }, first);
  await refused(write({ n: 3 }, first), ...INVALID, "a stale version is refused");
  await refused(client.deleteStorageObjects(session, { object_ids: [{ ...at, version: first }] }), ...INVALID, "also for a delete");
  const third = await write({ n: 3 });
  ok(new Set([first, second, third]).size === 3, "without a version the last write wins");
  ok(await client.deleteStorageObjects(session, { object_ids: [{ ...at, version: third }] }), "the right version deletes");
  equal(await write({ n: 1 }, "*"), first, "and * writes again");
}

export async function batch_is_all_or_nothing(game: Game): Promise<void> {
  const { client } = game;
  const session = await game.guest();
  const collection = game.fresh("save");
  const put = (key: string, n: number, version?: string) => ({ collection, key, value: { n }, ...(version === undefined ? {} : { version }) });
  await client.writeStorageObjects(session, [put("b", 1)]);
  await refused(client.writeStorageObjects(session, [put("a", 2), put("b", 2, "*"), put("c", 2)]), ...INVALID, "one of three is refused");
  const kept = await client.listStorageObjects(session, collection, idOf(session), 100);
  equal(kept.objects.map((object) => [object.key, object.value]), [["b", { n: 1 }]], "so none is written");
  const ids = [{ collection, key: "b" }, { collection, key: "missing" }];
  await refused(client.deleteStorageObjects(session, { object_ids: ids }), ...INVALID, "one of two deletes is refused");
  equal((await client.listStorageObjects(session, collection, idOf(session), 100)).objects.length, 1, "so none is deleted");
}

export async function list_walks_by_cursor(game: Game): Promise<void> {
  const { client } = game;
  const session = await game.guest();
  const collection = game.fresh("save");
  const keys = Array.from({ length: 7 }, (_, index) => `k${index}`);
  await client.writeStorageObjects(session, keys.map((key) => ({ collection, key, value: { key }, permission_read: 2 })));
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    const page = await client.listStorageObjects(session, collection, idOf(session), 3, cursor);
    pages.push(page.objects.map((object) => object.key ?? ""));
    cursor = page.cursor || undefined;
  } while (cursor !== undefined && pages.length < 10);
  equal(pages.flat().sort(), keys, "every object once");
  equal(pages.map((page) => page.length), [3, 3, 1], "in pages of the size that was asked for");
  await refused(client.listStorageObjects(session, collection, idOf(session), 3, "garbage"), ...INVALID, "a cursor that is none");
  equal((await client.listStorageObjects(session, game.fresh("empty"), idOf(session), 3)).objects, [], "an empty collection");
}

export async function values_must_be_objects(game: Game): Promise<void> {
  const session = await game.guest();
  const put = (value: unknown) => game.client.writeStorageObjects(session, [{ collection: game.fresh("save"), key: "k", value: value as object }]);
  await refused(put("text"), ...INVALID, "a text is no document");
  await refused(put([1]), ...INVALID, "nor is a list");
  await refused(game.client.writeStorageObjects(session, [{ collection: "", key: "k", value: {} }]), ...INVALID, "a collection has a name");
}

// --- functions --------------------------------------------------------------------------------------------------------------------

export async function function_answers_a_session(game: Game): Promise<void> {
  const session = await game.guest();
  const said = { text: `quotes " and \\ and ü`, deep: [[1], { a: null }] };
  const answer = await game.client.rpc(session, "clientrpc.rpc", said);
  equal(answer.payload, said, "the payload comes back as it went");
  const { payload } = await game.client.rpc(session, "conformance.context", {});
  equal([(payload as { user_id: string }).user_id, (payload as { username: string }).username], [session.user_id, session.username], "it knows who calls");
  equal((await game.client.rpc(session, "ClientRPC.rpc", said)).payload, said, "the case of a function's name does not matter");
  await refused(game.client.rpc(session, "conformance.missing", {}), ...NOT_FOUND, "an unknown function");
  await refused(game.client.rpc(session, "conformance.fail", { message: "no", code: 9 }), 400, 9, "a function's own refusal");
}

export async function function_answers_the_http_key(game: Game): Promise<void> {
  const { client, target } = game;
  equal((await client.rpcHttpKey(target.httpKey, "clientrpc.rpc_get")).payload, { message: "PONG" }, "without a user");
  const { payload } = await client.rpcHttpKey(target.httpKey, "conformance.context", { a: "b c&d" });
  equal((payload as { query_params: unknown }).query_params, { payload: [`{"a":"b c&d"}`] }, "what the client puts into the query reaches the function there");
  await refused(client.rpcHttpKey("wrong", "clientrpc.rpc_get"), ...WRONG, "only with the right key");
}

export async function function_answers_get_with_a_session(game: Game): Promise<void> {
  const session = await game.guest();
  const answer = await game.fetch("/v2/rpc/clientrpc.rpc_get", { headers: { Authorization: `Bearer ${session.token}` } });
  const body = (await answer.json()) as { payload?: string };
  equal([answer.status, JSON.parse(body.payload ?? "null")], [200, { message: "PONG" }], "GET calls like POST");
  const raw = await game.fetch("/v2/rpc/clientrpc.rpc?unwrap", { method: "POST", body: `{"raw":true}`, headers: { Authorization: `Bearer ${session.token}` } });
  equal([raw.status, await raw.text()], [200, `{"raw":true}`], "with unwrap the payload travels bare");
}

export async function requests_without_a_token_are_refused(game: Game): Promise<void> {
  for (const path of ["/v2/account", "/v2/user", "/v2/rpc/clientrpc.rpc_get"]) equal((await game.fetch(path)).status, 401, `${path} wants a token`);
  equal([(await game.fetch("/healthcheck")).status, await (await game.fetch("/healthcheck")).json()], [200, {}], "health wants none");
}

// --- sockets ----------------------------------------------------------------------------------------------------------------------

function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.ondisconnect = () => resolve();
  });
}

async function connected(game: Game, session: Session): Promise<{ socket: Socket; closed: Promise<void> }> {
  const socket = game.newSocket();
  const closed = closing(socket);
  await socket.connect(session, true);
  return { socket, closed };
}

export async function socket_opens_and_stays(game: Game): Promise<void> {
  const { socket, closed } = await connected(game, await game.guest());
  const open = await Promise.race([closed.then(() => "closed"), new Promise((resolve) => setTimeout(resolve, 300, "open"))]);
  equal(open, "open", "a good token keeps the socket open");
  socket.disconnect(true);
  await within(3000, closed, "the client's own close arrives");
}

export async function socket_answers_heartbeats(game: Game): Promise<void> {
  const socket = game.newSocket();
  socket.setHeartbeatTimeoutMs(200);
  const silent = new Promise<string>((resolve) => {
    socket.onheartbeattimeout = () => resolve("silent");
  });
  await socket.connect(await game.guest(), true);
  const heard = await Promise.race([silent, closing(socket).then(() => "closed"), new Promise((resolve) => setTimeout(resolve, 700, "alive"))]);
  equal(heard, "alive", "each of the client's pings is answered in time");
  socket.disconnect(false);
}

export async function socket_refuses_a_bad_token(game: Game): Promise<void> {
  const session = await game.guest();
  session.token = `${session.token.slice(0, -6)}AAAAAA`;
  const socket = game.newSocket();
  const outcome = await within(5000, socket.connect(session, true).then(() => "open", () => "refused"), "the refusal arrives");
  equal(outcome, "refused", "a forged token opens no socket");
}

export async function logout_closes_the_socket(game: Game): Promise<void> {
  const { client } = game;
  const id = game.fresh("device");
  const phone = await client.authenticateDevice(id, true, game.fresh("ada"));
  const tablet = await client.authenticateDevice(id, true);
  const [first, second] = [await connected(game, phone), await connected(game, tablet)];
  await client.sessionLogout(phone, phone.token, phone.refresh_token);
  await within(3000, first.closed, "the socket of the session that ended closes");
  const other = await Promise.race([second.closed.then(() => "closed"), new Promise((resolve) => setTimeout(resolve, 300, "open"))]);
  equal(other, "open", "the other session's socket goes on");
  const again = game.newSocket();
  equal(await again.connect(phone, true).then(() => "open", () => "refused"), "refused", "the dead token opens no new one");
  await client.sessionLogout(tablet, "", "");
  await within(3000, second.closed, "logging out everywhere closes the rest");
}

export async function deleting_the_account_closes_the_socket(game: Game): Promise<void> {
  const session = await game.guest();
  const { closed } = await connected(game, session);
  await game.client.deleteAccount(session);
  await within(3000, closed, "nobody is left to talk to");
}

// --- sockets of both formats ------------------------------------------------------------------------------------------------------

interface Pair {
  ada: Socket;
  bob: Socket;
  names: { ada: string; bob: string };
  bobId: string;
}

/** Ada speaks the format of this run, Bob the other one. */
async function bothFormats(game: Game, work: (pair: Pair) => Promise<void>): Promise<void> {
  const [ada, bob] = [game.newSocket(), game.newSocket(game.target.format === "protobuf" ? "json" : "protobuf")];
  const [first, second] = [await game.guest(), await game.guest()];
  await ada.connect(first, true);
  await bob.connect(second, true);
  await work({ ada, bob, names: { ada: first.username ?? "", bob: second.username ?? "" }, bobId: idOf(second) });
  ada.disconnect(false);
  bob.disconnect(false);
}

/** The first event that is the wanted one: a socket hears of its own arrival and words too. */
function heard<T>(listen: (hear: (event: T) => void) => void, wanted: (event: T) => boolean, sentence: string): Promise<T> {
  return within(3000, new Promise<T>((resolve) => listen((event) => wanted(event) && resolve(event))), sentence);
}

const joins = (name: string) => (event: { joins?: { username: string }[] }): boolean => !!event.joins?.some(({ username }) => username === name);

export async function sockets_of_both_formats_share_a_match(game: Game): Promise<void> {
  await bothFormats(game, async ({ ada, bob, names }) => {
    const match = await ada.createMatch();
    const arrival = heard<MatchPresenceEvent>((hear) => { ada.onmatchpresence = hear; }, joins(names.bob), "ada sees bob come");
    const joined = await bob.joinMatch(match.match_id);
    equal([joined.self.username, joined.presences?.map(({ username }) => username)], [names.bob, [names.ada]], "bob finds ada there");
    await arrival;
    for (const [from, to, name] of [[ada, bob, names.ada], [bob, ada, names.bob]] as const) {
      const data = heard<MatchData>((hear) => { to.onmatchdata = hear; }, ({ presence }) => presence?.username === name, `data of ${name} arrives`);
      await from.sendMatchState(match.match_id, 2 ** 40, new Uint8Array([0, 127, 128, 255]));
      const got = await data;
      equal([got.presence?.username, Number(got.op_code), Array.from(got.data)], [name, 2 ** 40, [0, 127, 128, 255]], `and is what ${name} sent`);
    }
  });
}

export async function sockets_of_both_formats_share_a_channel(game: Game): Promise<void> {
  await bothFormats(game, async ({ ada, bob, names }) => {
    const room = game.fresh("room");
    const channel = await ada.joinChat(room, 1, true, false);
    equal(channel.self.username, names.ada, "ada opens a room");
    const joined = await bob.joinChat(room, 1, true, false);
    equal([joined.id, joined.presences?.some(({ username }) => username === names.ada)], [channel.id, true], "bob finds her there");
    for (const [from, to, name] of [[ada, bob, names.ada], [bob, ada, names.bob]] as const) {
      const message = heard<ChannelMessage>((hear) => { to.onchannelmessage = hear; }, ({ username }) => username === name, `a message of ${name} arrives`);
      const said = { text: `hello – 🪁 from ${name}` };
      const ack = await from.writeChatMessage(channel.id, said);
      const got = await message;
      equal([got.message_id, got.username, got.content, got.code, got.persistent], [ack.message_id, name, said, 0, true], `and is what ${name} said`);
      equal(Math.abs(new Date(got.create_time ?? 0).getTime() - Date.now()) < 60_000, true, "at about this time");
    }
  });
}

export async function sockets_of_both_formats_call_functions_and_follow(game: Game): Promise<void> {
  await bothFormats(game, async ({ ada, bob, names, bobId }) => {
    equal((await ada.rpc("clientrpc.rpc", `{"a":[1]}`)).payload, `{"a":[1]}`, "a function answers");
    const refusal = await ada.rpc("conformance.missing", "{}").then(() => undefined, (error: unknown) => (error as { code?: number }).code);
    equal(refusal, 6, "an unknown one is not found");
    await ada.followUsers([bobId]);
    const event = heard<StatusPresenceEvent>((hear) => { ada.onstatuspresence = hear; }, joins(names.bob), "a new status arrives");
    await bob.updateStatus("away");
    const seen = (await event).joins as { username: string; status?: string }[] | undefined; // the client's types forget the status
    equal(seen?.map(({ username, status }) => [username, status]), [[names.bob, "away"]], "and is bob's");
  });
}
