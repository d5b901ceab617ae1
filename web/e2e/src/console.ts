/** The operators' console, used as operators use it: each screen with its main action, then all of them small, dark and in German. */

import type { Page } from "playwright-core";
import { equal, ok } from "./assert.ts";
import { launch } from "./browser.ts";
import { accessible, fits, listenFor } from "./checks.ts";
import { arriveAt, enliven } from "./console-people.ts";
import { Tap } from "./tap.ts";
import { targetOf } from "./target.ts";
import { codeOf } from "./totp.ts";

const [, console_url = "", one_time_password = ""] = process.argv.slice(2);
const target = targetOf(process.argv.slice(2));
const tap = new Tap();
const PASSWORD = "a kite above the old harbour";
const TITLE = "kitewind";
const SCREENS = ["now", "matches", "players", "reports", "storage", "feedback", "titles", "config", "releases", "licences", "access", "audit", "api"];

const { people, leave } = await enliven(target, ["Marlow", "Junebug", "Tern", "Grackle", "Pelle"]);
const browser = await launch();
const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: "light", reducedMotion: "reduce", locale: "en", acceptDownloads: true });
const page = await context.newPage();
const complaints = listenFor(page, console_url);
/** Chromium writes a line for each refusal; those that are meant are taken out where they are provoked. */
const refused = (count: number): void => equal(complaints.splice(0).length, count, "as many refusals as are provoked");

const button = (name: string, within: Page | ReturnType<Page["locator"]> = page) => within.getByRole("button", { name, exact: true });
const dialog = page.getByRole("dialog");
const toast = (text: string | RegExp) => page.getByRole("status").getByText(text).waitFor();

async function go(screen: string): Promise<void> {
  await page.goto(`${console_url}#/${screen}`);
  await page.locator("main h1").waitFor();
}

/** Fill in the open dialog and send it off; it closes when the server has done it. */
async function answer(submit: string, values: Record<string, string> = {}): Promise<void> {
  for (const [label, value] of Object.entries(values)) {
    const field = dialog.getByLabel(label, { exact: true });
    const tag = await field.evaluate((element) => element.tagName);
    await (tag === "SELECT" ? field.selectOption(value) : field.fill(value));
  }
  await button(submit, dialog).click();
  await dialog.waitFor({ state: "detached" });
}

async function signIn(values: Record<string, string>): Promise<void> {
  for (const [label, value] of Object.entries(values)) await page.getByLabel(label, { exact: true }).fill(value);
  await button("Sign in").click();
}

await tap.check("sign-in: a wrong password is refused, the one-time password asks for another, which opens the console", async () => {
  await page.goto(console_url);
  await accessible(page, "sign-in");
  await signIn({ Name: "admin", Password: "not the password" });
  await page.getByRole("alert").getByText("console.sign_in_refused").waitFor();
  refused(1);
  await signIn({ Name: "admin", Password: one_time_password });
  await page.getByLabel("One-time password", { exact: true }).fill(one_time_password);
  await page.getByLabel("New password", { exact: true }).fill(PASSWORD);
  await button("Keep it and go on").click();
  await page.locator("nav").getByRole("link", { name: "Now" }).waitFor();
  const shown = await page.locator("nav a[href^='#/']").evaluateAll((links) => links.map((link) => link.getAttribute("href")?.slice(2).split("?")[0]));
  equal(shown, SCREENS, "every screen is offered to an owner");
});

if (page.url() === "about:blank" || (await page.locator("nav").count()) === 0) tap.end(); // nothing else can be looked at

await tap.check("now: who comes is counted at once, and the charts are drawn", async () => {
  await go("now");
  const players = page.locator("dl", { has: page.getByText("Players", { exact: true }) }).locator("dd").first();
  await page.waitForFunction((wanted) => document.querySelector("main dl dd")?.textContent === wanted, String(people.length));
  const { socket } = await arriveAt(target, "Wren");
  await page.waitForFunction((wanted) => document.querySelector("main dl dd")?.textContent === wanted, String(people.length + 1));
  equal(await players.textContent(), String(people.length + 1), "the tile counts who came");
  socket.disconnect(false);
  equal(await page.locator(".plot canvas").count(), 3, "three charts");
});

await tap.check("players: found by name, noted about, banned for a time with a reason, and let in again", async () => {
  await go("players");
  await page.getByRole("searchbox").fill("grack");
  await page.getByRole("link", { name: "Grackle" }).waitFor();
  await page.getByRole("link", { name: "Marlow" }).waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Grackle" }).click();
  await page.getByRole("heading", { name: "Grackle" }).waitFor();
  await button("Add a note").click();
  await answer("Add a note", { Note: "Rude in the harbour, said sorry." });
  await page.getByText("Rude in the harbour, said sorry.").waitFor();
  await button("Ban").click();
  await button("Ban", dialog).click();
  ok(await dialog.isVisible(), "without a reason nothing is sent");
  await answer("Ban", { "For how long": "86400", Reason: "Insults, again" });
  await page.getByText("Banned", { exact: true }).waitFor();
  await button("Lift").click();
  await answer("Lift", { Reason: "Talked it over" });
  await page.getByText("Banned", { exact: true }).waitFor({ state: "detached" });
  const saved = page.waitForEvent("download");
  await button("Export all").click();
  await answer("Export all", { Reason: "They asked for it" });
  ok((await saved).suggestedFilename().endsWith(".json"), "their data is a JSON file");
});

await tap.check("wallets: given and taken with a reason, never below zero, each entry with what it left", async () => {
  const entries = page.getByRole("list", { name: "What came and went" });
  await button("Change").click();
  await answer("Change", { Currency: "coins", Amount: "30", Reason: "Lost in a crash" });
  await entries.getByText("+30 coins").waitFor();
  await button("Change").click();
  await answer("Change", { Amount: "-10", Reason: "Found half of it" });
  await entries.getByText("makes 20 coins").waitFor();
  await entries.getByText("Found half of it").waitFor();
  await button("Change").click();
  await dialog.getByLabel("Amount", { exact: true }).fill("-21");
  await dialog.getByLabel("Reason", { exact: true }).fill("All of it");
  await button("Change", dialog).click();
  await dialog.getByRole("alert").getByText("wallet.too_low").waitFor();
  refused(1);
  await page.keyboard.press("Escape");
  equal(await entries.getByRole("listitem").count(), 2, "nothing came of what was refused");
  await accessible(page, "a player with a wallet");
});

await tap.check("chat and reports: ten lines around it, A approves, Z takes that back, R removes, M mutes", async () => {
  await go("reports");
  const queue = page.getByRole("list", { name: "Waiting" }).getByRole("link");
  const told = page.getByRole("list", { name: "What was said around it" });
  await told.getByText("who wants to race to the great kite?").waitFor();
  equal(await queue.count(), 2, "two lines are reported");
  await page.keyboard.press("a");
  await toast(/stays/);
  await page.waitForFunction(() => document.querySelectorAll(".list a").length === 1);
  await page.keyboard.press("z");
  await toast("It waits again.");
  await page.waitForFunction(() => document.querySelectorAll(".list a").length === 2);
  await page.keyboard.press("r");
  await toast(/is removed/);
  await page.keyboard.press("m");
  await toast(/is muted/);
  await page.getByText("Nothing waits").waitFor();
  await page.getByRole("link", { name: "Muted" }).click();
  await page.getByRole("table", { name: "Muted" }).waitFor();
  await page.getByRole("link", { name: "Channels" }).click();
  await page.getByRole("link", { name: "harbour" }).click();
  await page.getByRole("cell", { name: "the wind is good today" }).waitFor();
});

await tap.check("storage: browsed, changed only at the version that was seen, exported, brought in", async () => {
  await go("storage");
  await page.getByRole("link", { name: "kites" }).click();
  const row = page.getByRole("row", { name: /favourite/ }).first();
  await row.getByRole("button", { name: "Change favourite" }).click();
  await answer("Save", { "Value, JSON": '{"colour":"violet"}', Reason: "Wrong colour" });
  await toast("favourite is saved.");
  await row.getByRole("button", { name: "Change favourite" }).click();
  await page.evaluate(changeBehind, [TITLE, '{"colour":"black"}']);
  await dialog.getByLabel("Value, JSON").fill('{"colour":"white"}');
  await dialog.getByLabel("Reason").fill("Too late");
  await button("Save", dialog).click();
  await dialog.getByRole("alert").waitFor();
  refused(1);
  await page.keyboard.press("Escape");
  const download = page.waitForEvent("download");
  await button("Export as json").click();
  const file = await (await download).path();
  await button("Import").click();
  await dialog.getByLabel("File").setInputFiles(file);
  await dialog.getByLabel("Overwrite what has changed").check();
  await answer("Import", { Reason: "Back to how it was" });
  await toast(/objects are written/);
});

/** Somebody else changes the first object meanwhile, by the console's own door. */
async function changeBehind([title, value]: string[]): Promise<void> {
  const at = `/sg/v1/console/titles/${title}/storage/objects`;
  const { objects } = await (await fetch(`${at}?collection=kites`)).json();
  const { collection, key, user_id, version } = objects[0];
  const headers = { "X-CSRF": "1", "X-Reason": "meanwhile", "Content-Type": "application/json" };
  for (const object of objects.length > 0 ? objects : []) {
    await fetch(at, { method: "PUT", headers, body: JSON.stringify({ collection, key, user_id: object.user_id, version: object.version, object_value: value }) });
  }
  if (!version || !user_id) throw new Error("the list has no versions");
}

await tap.check("titles: a setting is decided, and the keys are shown", async () => {
  await go("titles");
  await button("Settings of Kitewind").click();
  await answer("Decide", { "One socket a player": "true", Reason: "Two tabs confuse the plaza" });
  await page.getByRole("cell", { name: "One socket a player" }).waitFor();
  await button("Keys of Kitewind").click();
  await dialog.getByText("The server key ships").waitFor();
  await page.keyboard.press("Escape");
});

await tap.check("licences: registered, drafted, offered, accepted, active, suspended; the books add up", async () => {
  await go("licences/registry");
  await button("Add an owner").first().click();
  await answer("Add an owner", { Id: "kites-and-co", Name: "Kites & Co" });
  await button("Add a property").first().click();
  await answer("Add a property", { Id: "harbour", Name: "The Harbour", Owner: "kites-and-co", "Home title": "" });
  await button("Add an asset").first().click();
  await answer("Add an asset", { Id: "harbour/gull", Name: "The Gull" });
  await page.getByRole("link", { name: "Licences" }).last().click();
  await button("Draft a licence").click();
  await answer("Draft a licence", { Asset: "harbour/gull", "Fee a use": "2", Share: "2.5" });
  for (const step of ["Offer", "Accept", "Activate", "Suspend"]) {
    await button(step).click();
    await answer(step, { Reason: `${step}, as agreed` });
  }
  await button("Restore").waitFor();
  await page.getByText("suspended", { exact: true }).waitFor();
  await go("licences/statement");
  await page.getByText("Checksum of this statement:").waitFor();
  await go("licences/ledger");
  await button("Check the books").click();
  await page.getByText("All adds up to zero").waitFor();
});

await tap.check("config: overridden for a share, its history told, brought back", async () => {
  await go("config");
  await page.getByRole("link", { name: "jump_speed" }).click();
  await button("Add an override").first().click();
  await answer("Let it count", { Value: "1500", Reason: "A windy evening" });
  await page.locator(".now").getByText("1500").waitFor();
  await button("Change override 1").click();
  await answer("Let it count", { "Share of players, %": "12.5", Reason: "Not for all yet" });
  await page.getByText("12.5 % of the players").waitFor();
  await button("Bring back version 1 of jump_speed?").click();
  await answer("Bring back", { Reason: "It was good" });
  await page.getByText("Brings back version 1.").waitFor();
});

await tap.check("matches: what goes through one is seen as it comes, by op code, opened as JSON, at 390 px too", async () => {
  await go("matches");
  await page.getByRole("table", { name: "Matches" }).getByRole("link").first().click();
  const panel = page.getByRole("region", { name: "Spectate" });
  await button("Watch", panel).click();
  await panel.getByText("None has come yet.").waitFor();
  const match = decodeURIComponent(new URL(page.url()).hash.split("/")[2] ?? "");
  const send = (op_code: number, data: string): Promise<unknown> => people[0]!.socket.sendMatchState(match, op_code, data);
  await send(3, '{"wind":[1,{"gust":2.50}]}');
  await send(4, "no json");
  await panel.getByRole("button", { name: btoa("no json") }).waitFor();
  await panel.getByLabel("Op code").selectOption("3");
  equal(await panel.getByRole("row", { name: "relayed" }).count(), 1, "one has op code 3");
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(page, 390);
  await accessible(page, "spectating");
  await page.setViewportSize({ width: 1280, height: 800 });
  await panel.getByRole("button", { name: "gust" }).click();
  equal(await dialog.locator("pre").textContent(), '{\n  "wind": [\n    1,\n    {\n      "gust": 2.50\n    }\n  ]\n}', "as it was sent, by lines");
  await accessible(page, "a message");
  await page.keyboard.press("Escape");
  await button("Pause", panel).click();
  await panel.getByLabel("Op code").selectOption("");
  await send(5, '"later"');
  for (let second = 0; second < 2; second += 1) await page.waitForResponse((response) => response.url().endsWith(`/matches/${match}`));
  equal(await panel.getByRole("row", { name: "relayed" }).count(), 2, "while it is paused nothing is added");
  await button("Watch", panel).click();
  await panel.getByRole("button", { name: "later" }).waitFor();
});

await tap.check("matches: looked into, somebody taken out, ended", async () => {
  await go("matches");
  await page.getByRole("table", { name: "Matches" }).getByRole("link").first().click();
  await button("Take out: tern").click();
  await answer("Take out", { Reason: "Asked to go" });
  await page.getByRole("link", { name: "tern" }).waitFor({ state: "detached" });
  await button("End the match").click();
  await answer("End the match", { Reason: "Evening" });
  await toast("The match has ended.");
});

await tap.check("access: somebody is invited, and their one-time password shown once", async () => {
  await go("access");
  await button("Invite an operator").click();
  await button("Invite an operator", dialog).waitFor();
  await dialog.getByLabel("Name", { exact: true }).fill("bo");
  await dialog.getByLabel("Reason").fill("Helps on weekends");
  await button("Invite an operator", dialog).click();
  await dialog.getByText("One-time password for bo").waitFor();
  ok(((await dialog.locator("code").textContent()) ?? "").length >= 20, "a password to hand on");
  await button("I have kept it").click();
  await page.getByRole("cell", { name: "bo Invited" }).waitFor();
});

await tap.check("audit: the ban stands there with its reason and what it changed, and the chain is whole", async () => {
  await go("audit?operator=admin");
  await page.getByRole("row", { name: /Insults, again/ }).getByRole("button").click();
  await dialog.getByRole("group", { name: "What changed" }).first().waitFor();
  await page.keyboard.press("Escape");
  await button("Check the chain").click();
  await page.getByText("Whole", { exact: true }).waitFor();
});

await tap.check("API explorer: an operation is found and sent", async () => {
  await go("api");
  await page.getByRole("searchbox").fill("list_titles");
  const operations = page.getByRole("region", { name: "Operations" }).getByRole("link");
  await operations.nth(1).waitFor({ state: "detached" });
  await operations.click();
  await button("Send").click();
  ok(((await page.getByTestId("answer").textContent()) ?? "").includes("Kitewind"), "the answer names the title");
});

await tap.check("keys: the palette goes anywhere, g p to the players, ? tells them all", async () => {
  await page.keyboard.press("Control+k");
  await page.keyboard.type("audi");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Audit" }).waitFor();
  await page.locator("main").focus();
  await page.keyboard.press("g");
  await page.keyboard.press("p");
  await page.getByRole("heading", { name: "Players" }).waitFor();
  await page.keyboard.press("?");
  await dialog.getByText("through the rows").waitFor();
  await page.keyboard.press("Escape");
});

async function speak(language: string): Promise<void> {
  await page.evaluate((code) => localStorage.setItem("supergame.console.language", code), language);
  await page.reload();
  await page.locator("main h1").waitFor();
}

async function everyScreen(width: number, where: string): Promise<void> {
  await page.setViewportSize({ width, height: 844 });
  for (const screen of SCREENS) {
    await page.goto(`${console_url}#/${screen}`);
    await page.locator("main h1").waitFor();
    await page.waitForFunction(() => document.querySelector("main [aria-busy=true]") === null);
    await fits(page, width).catch((error: Error) => Promise.reject(new Error(`${screen}: ${error.message}`)));
    await accessible(page, `${screen}, ${where}`);
  }
}

await tap.check("1280 px, light, English: every screen fits and passes axe", () => everyScreen(1280, "1280 px"));
await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
await speak("de");
await tap.check("390 px, dark, German: every screen fits and passes axe", async () => {
  equal(await page.locator("html").getAttribute("lang"), "de", "the page says its language");
  await everyScreen(390, "390 px, dark, German");
});
await page.setViewportSize({ width: 1280, height: 800 });
await speak("en");

await tap.check("an authenticator is added, and the next sign-in asks for its code", async () => {
  await page.locator("nav").getByRole("button", { name: /admin/ }).click();
  await button("Add an authenticator").click();
  await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await button("Go on", dialog).click();
  await dialog.getByRole("img", { name: "QR code for the authenticator" }).waitFor();
  const secret = (await dialog.locator("code").textContent()) ?? "";
  const now = Date.now();
  await answer("Confirm", { Code: codeOf(secret, now) });
  await button("Sign out").click();
  await signIn({ Name: "admin", Password: PASSWORD });
  await page.getByLabel("Code", { exact: true }).waitFor();
  refused(1);
  await page.getByLabel("Code", { exact: true }).fill(codeOf(secret, now + 30_000)); // each works once: the next one
  await button("Sign in").click();
  await page.locator("nav").waitFor();
});

await tap.check("a session that ended elsewhere leads to the sign-in, with words", async () => {
  await context.clearCookies();
  await page.goto(`${console_url}#/players`);
  await page.getByRole("alert").getByText("Your session has ended").waitFor();
  complaints.splice(0, complaints.length, ...complaints.filter((line) => !line.includes("401")));
});

await tap.check("no errors in the browser's console and no request to another host", async () => equal(complaints, [], "the page kept quiet"));
leave();
await browser.close();
tap.end();
