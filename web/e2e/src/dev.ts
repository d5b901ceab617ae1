/** The page at `/` of `supergame dev`, while somebody saves the game: `node dev.ts URL GAME_FILE`. */

import { readFile, writeFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { equal, ok } from "./assert.ts";
import { launch } from "./browser.ts";
import { accessible, fits, listenFor } from "./checks.ts";
import { Tap } from "./tap.ts";
import { targetOf } from "./target.ts";

const ELSEWHERE = "lan.test"; // resolves to this machine by a flag, but is no loopback name
const MARKUP = `<img src=x onerror="document.title='ran'">`;

const [address = "", file = ""] = process.argv.slice(2);
const target = targetOf([address]);
const tap = new Tap();
const good = await readFile(file, "utf8");
const browser = await launch(`--host-resolver-rules=MAP ${ELSEWHERE} 127.0.0.1`);

async function opened(width: number, url = target.home): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ viewport: { width, height: 844 }, reducedMotion: "reduce" });
  const page = await context.newPage();
  const complaints = listenFor(page, url);
  const asks = page.waitForRequest(/\/dev\/report\?after=\d/); // it knows how things stand: what comes now is news
  asks.catch(() => undefined);
  await page.goto(url);
  await page.getByRole("heading", { name: "What runs here" }).waitFor();
  if (url === target.home) await asks;
  return { page, complaints };
}

const failure = (page: Page) => page.getByRole("alert").filter({ has: page.getByRole("heading") });

async function reloaded(page: Page): Promise<void> {
  await page.getByRole("status").filter({ hasText: /^reloaded: \S+\.py \(\d+ ms\)$/ }).waitFor();
  equal(await failure(page).count(), 0, "a good save shows no failure");
}

for (const width of [390, 1280]) {
  const { page, complaints } = await opened(width);
  await tap.check(`${width} px: a good save is a toast`, async () => {
    await writeFile(file, `${good}\n# ${width}\n`);
    await reloaded(page);
  });
  await tap.check(`${width} px: a syntax error is shown with its file, line and code, and as text only`, async () => {
    await writeFile(file, `${good}\nx = = "${MARKUP.replaceAll('"', "'")}"\n`);
    await failure(page).waitFor();
    const text = (await failure(page).textContent()) ?? "";
    const line = good.split("\n").length + 1;
    for (const part of [`${file.split("/").at(-1)}, line ${line}`, "does not run", "SyntaxError: invalid syntax", "<img src=x", "The version before goes on"]) {
      ok(text.includes(part), `the failure tells ${part}:\n${text}`);
    }
    equal(await page.locator("aside img").count(), 0, "what stands in the code is text");
    ok((await page.title()) !== "ran", "what stands in the code does not run");
  });
  await tap.check(`${width} px: the failure fits, passes axe, and folds away by keyboard`, async () => {
    await fits(page, width);
    await accessible(page, "with a failure");
    const button = page.getByRole("button", { name: "Fold away" });
    await button.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("group", { name: "Traceback" }).waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Show" }).click();
    await page.getByRole("group", { name: "Traceback" }).waitFor();
  });
  await tap.check(`${width} px: a page that is opened meanwhile shows it too`, async () => {
    const { page: late } = await opened(width);
    await failure(late).waitFor();
    await late.context().close();
  });
  await tap.check(`${width} px: the game's page shows it too`, async () => {
    const game = await page.context().newPage();
    await game.goto(new URL(`/play${new URL(target.home).hash}`, target.home).href);
    await failure(game).waitFor();
    await game.close();
  });
  await tap.check(`${width} px: the next good save takes it away`, async () => {
    await writeFile(file, good);
    await failure(page).waitFor({ state: "detached" });
    await reloaded(page);
  });
  await tap.check(`${width} px: no console errors and no request to another host`, async () => equal(complaints, [], "the page kept quiet"));
  await page.context().close();
}

await tap.check("under another name the page asks for no reports, and would get none", async () => {
  const { page } = await opened(1280, `http://${ELSEWHERE}:${target.port}/`);
  const status = await page.evaluate(async () => (await fetch("/sg/v1/dev/report?after=-1")).status);
  equal(status, 404, "a name that somebody else may point at us gets nothing");
  await page.context().close();
});
await browser.close();
tap.end();
