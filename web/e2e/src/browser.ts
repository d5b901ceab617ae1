/** Chromium as the tests want it: installed by the system, without a graphics card, without calling anybody. */

import { type Browser, chromium, type LaunchOptions } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-3d-apis",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A page without an origin may not reach this machine's own addresses unless these checks (Chromium 142 and later) are off. */
export const REACH_LOOPBACK = "--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets";

export function launch(...flags: string[]): Promise<Browser> {
  const options: LaunchOptions = { executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: [...FLAGS, ...flags] };
  return chromium.launch(options);
}
