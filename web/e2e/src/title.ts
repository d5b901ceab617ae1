/** A title's own page, as a template gives it: two people in two browsers play the arena, one of them on a phone. */

import type { Page } from "playwright-core";
import { equal, ok } from "./assert.ts";
import { launch } from "./browser.ts";
import { accessible, fits, listenFor } from "./checks.ts";
import { Tap } from "./tap.ts";

const url = process.argv[2] ?? "";
const tap = new Tap();
const browser = await launch();

async function entered(name: string, viewport: { width: number; height: number }): Promise<{ page: Page; complaints: string[] }> {
  const page = await (await browser.newContext({ viewport })).newPage();
  const complaints = listenFor(page, url);
  await page.goto(url);
  await page.getByLabel("Your name").fill(name);
  await fits(page, viewport.width);
  if (name === "Ada") await accessible(page, "before playing");
  await page.getByRole("button", { name: "Play" }).click();
  await page.getByRole("heading", { name: "Ready to hop?" }).waitFor({ state: "hidden" });
  return { page, complaints };
}

const scores = (page: Page) => page.getByRole("list", { name: "Stars" });

await tap.check("two people see each other in the arena", async () => {
  const [ada, bob] = [await entered("Ada", { width: 1280, height: 800 }), await entered("Bob", { width: 390, height: 760 })];
  for (const { page } of [ada, bob]) {
    for (const name of ["Ada", "Bob"]) await scores(page).getByText(new RegExp(`^${name} \\d+$`)).waitFor();
  }
  await accessible(ada.page, "while playing");
  equal([...ada.complaints, ...bob.complaints].join("\n"), "", "nothing went wrong");

  await bob.page.close();
  await scores(ada.page).getByText(/^Bob/).waitFor({ state: "hidden" });
  ok(true, "who leaves is gone");
});
await browser.close();
tap.end();
