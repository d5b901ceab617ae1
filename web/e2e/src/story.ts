/**
 * A Super Game from end to end, in real browsers: `node src/story.ts SUPERGAME STARHOP FOLDER [PICTURES]`.
 *
 * A title is made from a template and served beside two others; somebody plays two of them with one account; Pip crosses over by licence; an
 * operator sees, suspends, restores, bans and brings back; a teammate joins a branch by a link; a release goes to a tenth of the players and
 * comes back; the royalties add up. With PICTURES, a folder, each step leaves what the screen shows.
 */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { equal, ok } from "./assert.ts";
import { launch } from "./browser.ts";
import { listenFor } from "./checks.ts";
import { Commands } from "./commands.ts";
import { Player } from "./player.ts";
import { Tap } from "./tap.ts";

const [program = "", starhop = "", folder = "", pictures = ""] = process.argv.slice(2);
const PASSWORD = "a kite above the old harbour";
const PIP = "kitewind/pip";
const LOOKS_MAX = 100; // a bound for a page that never shows what is awaited

await mkdir(folder, { recursive: true });
if (pictures) await mkdir(pictures, { recursive: true });
const commands = new Commands(program, folder);
const tap = new Tap();
const browser = await launch();

let pictured = 0;
async function picture(page: Page, name: string): Promise<void> {
  pictured += 1;
  if (pictures) await page.screenshot({ path: join(pictures, `${pictured}-${name}.png`), animations: "disabled" });
}

const newPage = async (): Promise<Page> => (await browser.newContext({ viewport: { width: 1280, height: 720 }, colorScheme: "light", locale: "en" })).newPage();
const button = (name: string, within: Page | ReturnType<Page["locator"]>) => within.getByRole("button", { name, exact: true });

/** The operator: their page, and what they do there. */
class Operator {
  readonly page: Page;
  readonly #url: string;

  constructor(page: Page, url: string) {
    [this.page, this.#url] = [page, url];
  }

  async go(screen: string): Promise<void> {
    await this.page.goto(`${this.#url}#/${screen}`);
    await this.page.locator("main h1").waitFor();
    await this.page.waitForFunction(() => document.querySelector("main [aria-busy=true]") === null);
  }

  /** Press a button, fill in the dialog that opens, and send it off. */
  async does(what: string, submit: string, values: Record<string, string> = {}): Promise<void> {
    await button(what, this.page).first().click();
    const dialog = this.page.getByRole("dialog");
    for (const [label, value] of Object.entries(values)) {
      const field = dialog.getByLabel(label, { exact: true });
      const isChoice = (await field.evaluate((element) => element.tagName)) === "SELECT";
      await (isChoice ? field.selectOption(value) : field.fill(value));
    }
    await button(submit, dialog).click();
    await dialog.waitFor({ state: "detached" });
  }

  /** What the screen shows, without the notes of what was done before. */
  async picture(name: string): Promise<void> {
    await this.page.evaluate(() => document.querySelectorAll<HTMLButtonElement>("[role=status] button").forEach((close) => close.click()));
    await this.page.waitForFunction(() => document.querySelector("[role=status] button") === null);
    await picture(this.page, name);
  }

  async signsIn(oneTime: string): Promise<void> {
    await this.page.goto(this.#url);
    await this.page.getByLabel("Name", { exact: true }).fill("admin");
    await this.page.getByLabel("Password", { exact: true }).fill(oneTime);
    await button("Sign in", this.page).click();
    await this.page.getByLabel("One-time password", { exact: true }).fill(oneTime);
    await this.page.getByLabel("New password", { exact: true }).fill(PASSWORD);
    await button("Keep it and go on", this.page).click();
    await this.page.locator("nav").getByRole("link", { name: "Now" }).waitFor();
  }
}

await tap.check("a new title is made from the template, and served beside two others by one command", async () => {
  const said = await commands.run("new", "comet", "--template", "platformer");
  ok(said.includes("comet is ready"), said);
});
const titles = ["kitewind", starhop, "comet"];
const [home = "", console_url = "", oneTime = ""] = await commands.start(
  ["up", ...titles, "--port", "0", "--console-port", "0", "--data", "data", "--log-level", "error"],
  /play and connect\s+(\S+)/,
  /operators\s+(\S+)/,
  /one-time password (\S+)/,
);
const url = new URL(home).origin;
const operator = new Operator(await newPage(), console_url);

await tap.check("the new title's page is there at once", async () => {
  const page = await newPage();
  await page.goto(`${url}/t/comet/`);
  await page.getByLabel("Your name").fill("Junebug");
  await button("Play", page).click();
  await page.getByLabel("Your name").waitFor({ state: "hidden" });
  await picture(page, "a-new-title");
  await page.context().close();
});

await tap.check("an owner registers Pip, and licenses him to Star Hop", async () => {
  await operator.signsIn(oneTime);
  await operator.go("licences/registry");
  await operator.does("Add an owner", "Add an owner", { Id: "kites-and-co", Name: "Kites & Co" });
  await operator.does("Add a property", "Add a property", { Id: "kitewind", Name: "Kitewind", Owner: "kites-and-co", "Home title": "kitewind" });
  await operator.does("Add an asset", "Add an asset", { Id: PIP, Name: "Pip" });
  await operator.go("licences");
  await operator.does("Draft a licence", "Draft a licence", { "For the title": "starhop", Asset: PIP, "Fee a use": "2", Share: "12.5" });
  for (const step of ["Offer", "Accept", "Activate"]) await operator.does(step, step, { Reason: `${step}, as agreed on the phone` });
  await button("Suspend", operator.page).waitFor();
  await operator.picture("a-licence");
});

const ada = await Player.open(browser, `${url}/play`);
await tap.check("one person plays Kitewind, and then Star Hop with the same account", async () => {
  await ada.enter("Ada");
  await picture(ada.page, "kitewind");
  await ada.page.goto(`${url}/t/starhop/`);
  await hopsIn(ada.page, "Ada");
  await ada.page.getByText(/^Ada \(Pip\)/).waitFor();
  await picture(ada.page, "pip-visits-star-hop");
  const people = await ada.page.evaluate(() => Object.entries(localStorage).filter(([key]) => /device|guest/.test(key)).length);
  equal(people, 1, "one guest key for all titles of this address");
});

async function hopsIn(page: Page, name: string): Promise<void> {
  await page.getByLabel("Your name").fill(name);
  await page.getByText("Pip", { exact: true }).click();
  await button("Hop in", page).click();
  await page.getByLabel("Your name").waitFor({ state: "hidden" });
}

await tap.check("the operator sees them in both titles, suspends the licence, and Pip is swapped out live", async () => {
  await operator.go("players?title=starhop");
  await operator.page.getByRole("cell", { name: /Ada/i }).first().waitFor();
  await operator.go("now");
  await operator.picture("now");
  await operator.go("licences");
  await operator.page.getByRole("link", { name: /pip/i }).first().click();
  await operator.does("Suspend", "Suspend", { Reason: "The owner asked for a pause" });
  await ada.page.getByText("Pip had to leave: his licence is suspended.").waitFor();
  await ada.page.getByText(/^Ada \(Comet\)/).waitFor();
  await picture(ada.page, "suspended");
});

await tap.check("restored, he is back", async () => {
  await operator.does("Restore", "Restore", { Reason: "All is settled" });
  await ada.page.getByText("Pip is back.").waitFor();
  await ada.page.getByText(/^Ada \(Pip\)/).waitFor();
});

await tap.check("a ban ends the visit, and is lifted", async () => {
  await operator.go("players?title=starhop");
  await operator.page.getByRole("link", { name: /Ada/i }).first().click();
  await operator.does("Ban", "Ban", { "For how long": "86400", Reason: "To show it" });
  await ada.page.getByText("The connection is gone.").waitFor();
  await operator.picture("banned");
  await operator.does("Lift", "Lift", { Reason: "It was shown" });
  await ada.page.reload();
  await hopsIn(ada.page, "Ada");
});

await tap.check("a config value is changed while people play, and brought back with one click", async () => {
  await operator.go("config?title=kitewind");
  await operator.page.getByRole("link", { name: "jump_speed" }).click();
  await operator.does("Add an override", "Let it count", { Value: "1500", Reason: "A windy evening" });
  await operator.does("Add an override", "Let it count", { Value: "1700", Reason: "Windier still" });
  await operator.picture("config");
  await button("Bring back version 1 of jump_speed?", operator.page).click();
  await button("Bring back", operator.page.getByRole("dialog")).waitFor();
  await operator.page.getByRole("dialog").getByLabel("Reason").fill("It was better before");
  await button("Bring back", operator.page.getByRole("dialog")).click();
  await operator.page.getByText("Brings back version 1.").waitFor();
});

await tap.check("a teammate joins a branch by a link", async () => {
  const [preview = ""] = await commands.start(["preview", starhop, "--data", "data", "--name", "big-hop", "--copy", "all", "--log-level", "error"], /play and connect\s+(http:\/\/[^/\s]+)/, /preview\s+(big-hop)/);
  const [relay = ""] = await commands.start(["relay", "--port", "0"], /relay\s+(http:\/\/[^/\s]+)/);
  const [link = ""] = await commands.start(["share", "--relay", relay, "--server", `${preview}/t/starhop/`], /(http:\S+\/p\/\S+)/);
  const bo = await newPage();
  const complaints = listenFor(bo, relay);
  await bo.goto(link);
  await hopsIn(bo, "Bo");
  await bo.getByText(/^Bo \(Pip\)/).waitFor();
  equal(new URL(bo.url()).origin, relay, "all through the relay");
  equal(complaints, [], "the page kept quiet");
  await picture(bo, "a-teammate");
  await bo.context().close();
});

await tap.check("a release goes to a tenth of the players, and is rolled back", async () => {
  const build = join(folder, "build");
  await mkdir(build, { recursive: true });
  await writeFile(join(build, "stage.txt"), "pads and sparks\n".repeat(5_000));
  const push = (version: string, channel: string) => commands.run("release", "push", build, "--channel", channel, "--version", version, "--title", "starhop", "--data", "data");
  await push("1.0", "live");
  await writeFile(join(build, "stage.txt"), "pads, sparks and a big hop\n".repeat(5_000));
  await push("2.0", "beta");
  await commands.run("release", "promote", "beta", "live", "--percent", "10", "--title", "starhop", "--data", "data");
  await operator.go("releases?title=starhop");
  const tenth = operator.page.getByText("For 10 %");
  for (let look = 0; look < LOOKS_MAX && !(await tenth.isVisible()); look += 1) {
    await operator.page.reload(); // the server looks at the store again after a moment
    await operator.page.getByRole("heading", { name: "live" }).waitFor();
  }
  await tenth.waitFor();
  await operator.picture("a-tenth");
  await operator.does("Roll back: live", "Roll back", { Reason: "The big hop is too big" });
  await operator.page.getByText("For 10 %").waitFor({ state: "detached" });
});

await tap.check("the royalty statement adds up to the uses, and the books to zero", async () => {
  await operator.go("licences/statement");
  const page = operator.page;
  await page.getByText("Checksum of this statement:").waitFor();
  await page.waitForFunction(() => !document.body.innerText.includes("Nothing was used in this month"));
  await operator.picture("statement");
  await operator.go("licences/ledger");
  await button("Check the books", page).click();
  await page.getByText("All adds up to zero").waitFor();
});

await browser.close();
await commands.stop();
tap.end();
