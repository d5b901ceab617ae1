/** What can be done with a licence in each of its states; the server has the last word. */

export const STATES = ["draft", "offered", "accepted", "active", "suspended", "revoked", "expired"] as const;
export type State = (typeof STATES)[number];

export const STEPS = ["offer", "withdraw", "accept", "approve", "activate", "suspend", "restore", "revoke"] as const;
export type Step = (typeof STEPS)[number];

const BEFORE: Record<Step, readonly State[]> = {
  offer: ["draft"],
  withdraw: ["offered"],
  accept: ["offered"],
  approve: ["accepted"],
  activate: ["accepted"],
  suspend: ["active"],
  restore: ["suspended"],
  revoke: ["draft", "offered", "accepted", "active", "suspended"],
};

const TAKES_AWAY: readonly Step[] = ["suspend", "revoke"];

export interface Standing {
  state: string;
  approved: boolean;
  needs_approval: boolean;
}

/** The steps from here. One that must be approved is approved once, before it becomes active. */
export const stepsFrom = ({ state, approved, needs_approval }: Standing): Step[] =>
  STEPS.filter((step) => BEFORE[step].some((before) => before === state))
    .filter((step) => step !== "approve" || (needs_approval && !approved))
    .filter((step) => step !== "activate" || !needs_approval || approved);

export const takesAway = (step: Step): boolean => TAKES_AWAY.includes(step);

export const kindOf = (state: string): "good" | "warn" | "bad" | "info" | "plain" =>
  ({ active: "good", suspended: "warn", revoked: "bad", offered: "info", accepted: "info" } as const)[state] ?? "plain";

/** Basis points as a share: 250 -> "2.5 %". */
export const share = (bps: number, locale: string): string => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 2 }).format(bps / 10_000);

/** This month and those before it, as the server writes them: 2026-11. */
export function months(now: Date, back: number): string[] {
  return Array.from({ length: back }, (_, index) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - index, 1)).toISOString().slice(0, 7));
}
