/** The page at `/`, used as a person uses it. */

import type { Browser, BrowserContext, Page } from "playwright-core";
import { equal, ok } from "./assert.ts";
import { launch } from "./browser.ts";
import { accessible, fits, listenFor } from "./checks.ts";
import { Tap } from "./tap.ts";
import { targetOf } from "./target.ts";

const ELSEWHERE = "lan.test"; // resolves to this machine by a flag, but is no loopback name: an insecure context
const WIDTHS = [390, 1280];

const target = targetOf(process.argv.slice(2));
const tap = new Tap();

async function opened(context: BrowserContext, url: string): Promise<{ page: Page; complaints: string[] }> {
  const page = await context.newPage();
  const complaints = listenFor(page, url);
  await page.goto(url);
  await page.getByRole("heading", { name: "What runs here" }).waitFor();
  return { page, complaints };
}

async function signIn(page: Page, name: string): Promise<void> {
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByTestId("player").waitFor();
  equal(await page.getByTestId("player").textContent(), name, "the account has the name");
}

const unique = (): string => `e2e-${Date.now().toString(36)}-${Math.floor(Math.random() * 1e6).toString(36)}`;

async function usesEverything(page: Page): Promise<void> {
  const name = unique();
  await signIn(page, name);
  ok(/^[0-9a-f-]{36}$/.test((await page.getByTestId("user-id").textContent()) ?? ""), "the account shows its id");

  await page.getByLabel("A note in your storage").fill("wind from the west");
  await page.getByRole("button", { name: "Write" }).click();
  await page.getByTestId("note").waitFor();
  await page.getByLabel("A note in your storage").fill("something else");
  await page.getByRole("button", { name: "Read it back" }).click();
  await logged(page, "readStorageObjects");
  equal(await page.getByTestId("note").textContent(), "wind from the west", "what was written is read back");

  await page.getByLabel("Function", { exact: true }).fill("clientrpc.rpc");
  await page.getByLabel("Payload, JSON").fill(`{"kite": "red"}`);
  await page.getByRole("button", { name: "Call it" }).click();
  await page.getByTestId("answer").waitFor();
  equal(await page.getByTestId("answer").textContent(), `{"kite":"red"}`, "the function answers");

  await page.getByRole("button", { name: "Open a socket" }).click();
  await page.getByRole("button", { name: "Close the socket" }).waitFor();
  ok(/\d ms/.test((await page.getByRole("region", { name: "Flight log" }).textContent()) ?? ""), "each request shows its time");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: `Welcome back, ${name}` }).waitFor();
}

async function logged(page: Page, call: string): Promise<void> {
  await page.locator("summary", { hasText: call }).first().waitFor();
}

async function engines(page: Page, host: string): Promise<void> {
  const tabs = page.getByRole("tab");
  equal(await tabs.allTextContents(), ["JavaScript", "Unity", "Godot 4", "Unreal", "Defold", "Python", "curl"], "each engine has a tab");
  await tabs.first().focus();
  for (let index = 0; index < 7; index += 1) {
    const code = (await page.getByRole("tabpanel").locator("code").textContent()) ?? "";
    ok(code.includes(host) && code.includes(target.port), `snippet ${index + 1} names this server:\n${code}`);
    await page.keyboard.press("ArrowRight");
  }
  equal(await tabs.first().getAttribute("aria-selected"), "true", "the arrow keys walk around");
  await page.getByRole("button", { name: "Copy the JavaScript code" }).click();
  await page.getByRole("status").filter({ hasText: "Copied" }).waitFor({ state: "attached" });
}

async function atWidth(browser: Browser, width: number, colorScheme: "light" | "dark"): Promise<void> {
  const context = await browser.newContext({ viewport: { width, height: 844 }, colorScheme, reducedMotion: "reduce" });
  const where = `${width} px, ${colorScheme}`;
  const { page, complaints } = await opened(context, target.home);
  await tap.check(`${where}: fits its window and passes axe before signing in`, async () => {
    await fits(page, width);
    await accessible(page, "signed out");
  });
  await tap.check(`${where}: signs in, keeps a note, calls a function, opens a socket, signs out`, () => usesEverything(page));
  await tap.check(`${where}: fits and passes axe while signed in`, async () => {
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByTestId("player").waitFor();
    await fits(page, width);
    await accessible(page, "signed in");
  });
  await tap.check(`${where}: shows every engine with this server's address`, () => engines(page, target.host));
  await tap.check(`${where}: no console errors and no request to another host`, async () => equal(complaints, [], "the page kept quiet"));
  await context.close();
}

async function keepsTheDevice(browser: Browser): Promise<void> {
  const context = await browser.newContext();
  const { page } = await opened(context, target.home);
  const [first, second] = [unique(), unique()];
  await signIn(page, first);
  const id = await page.getByTestId("user-id").textContent();
  await page.reload();
  await page.getByRole("heading", { name: `Welcome back, ${first}` }).waitFor();
  await signIn(page, second);
  equal(await page.getByTestId("user-id").textContent(), id, "after a reload the same device finds its account, and may rename it");
  await page.getByRole("button", { name: "Forget this device" }).click();
  await page.getByRole("heading", { name: "Pick a name, step aboard" }).waitFor();
  await signIn(page, unique());
  ok((await page.getByTestId("user-id").textContent()) !== id, "a forgotten device starts anew");
  await context.close();
}

async function standsStillWhenAsked(browser: Browser): Promise<void> {
  const moving = async (reducedMotion: "reduce" | "no-preference"): Promise<number> => {
    const context = await browser.newContext({ reducedMotion });
    const { page } = await opened(context, target.home);
    await page.mouse.move(50, 50);
    await page.mouse.wheel(0, 200);
    const count = await page.evaluate(() => document.getAnimations().filter((animation) => animation instanceof CSSAnimation).length);
    const drift = await page.locator(".sky").evaluate((sky) => Number((sky as HTMLElement).style.getPropertyValue("--x")));
    await context.close();
    return count + Math.abs(drift);
  };
  ok((await moving("no-preference")) > 0, "the sky moves");
  equal(await moving("reduce"), 0, "and stands still for readers who asked for less motion");
}

async function helpsWhenRefused(browser: Browser): Promise<void> {
  const context = await browser.newContext();
  const taken = unique();
  const { page } = await opened(context, target.home);
  await signIn(page, taken);
  const other = await browser.newContext();
  const { page: second } = await opened(other, target.home);
  await second.getByLabel("Your name").fill(taken);
  await second.getByRole("button", { name: "Sign in", exact: true }).click();
  await second.getByRole("alert").filter({ hasText: "has that name already" }).waitFor();
  await second.getByRole("button", { name: "Suggest another name" }).click();
  ok((await second.getByLabel("Your name").inputValue()) !== taken, "the dice suggest another name");

  await second.goto(`${target.url}/#key=not-the-key`);
  await second.reload();
  await second.getByRole("button", { name: "Sign in", exact: true }).click();
  await second.getByRole("alert").filter({ hasText: "Open the address printed in the terminal" }).waitFor();
  await second.getByRole("tab", { name: "curl" }).click();
  ok(((await second.getByRole("tabpanel").textContent()) ?? "").includes("not-the-key"), "the snippets carry the address's key");
  await second.getByRole("link", { name: "Connect your game" }).click();
  ok(second.url().endsWith("#key=not-the-key"), "moving about on the page keeps the key in the address");
  await context.close();
  await other.close();
}

async function worksInsecurely(browser: Browser): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const { page, complaints } = await opened(context, `http://${ELSEWHERE}:${target.port}/${new URL(target.home).hash}`);
  equal(await page.evaluate(() => [isSecureContext, typeof crypto.randomUUID, typeof navigator.clipboard]), [false, "undefined", "undefined"], "it is insecure");
  await usesEverything(page);
  await engines(page, ELSEWHERE);
  equal(complaints, [], "the page kept quiet");
  await context.close();
}

const browser = await launch(`--host-resolver-rules=MAP ${ELSEWHERE} 127.0.0.1`);
for (const width of WIDTHS) for (const scheme of ["light", "dark"] as const) await atWidth(browser, width, scheme);
await tap.check("the device is kept over a reload and can be forgotten", () => keepsTheDevice(browser));
await tap.check("the sky stands still for readers who asked for less motion", () => standsStillWhenAsked(browser));
await tap.check("a taken name and a wrong key are explained", () => helpsWhenRefused(browser));
await tap.check("works on plain http under another name, as in a home network", () => worksInsecurely(browser));
await browser.close();
tap.end();
