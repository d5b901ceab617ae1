import type { Field } from "./form";
import { t } from "./words.svelte";

const HOUR_S = 3600;
const DURATIONS_S = [HOUR_S, 24 * HOUR_S, 7 * 24 * HOUR_S, 30 * 24 * HOUR_S, 0];

/** For how long a ban or mute holds; 0 seconds is until somebody lifts it. */
export const durationField = (chosenS: number): Field => ({
  name: "duration",
  label: t("sanction-duration"),
  kind: "select",
  value: String(chosenS),
  options: DURATIONS_S.map((seconds) => ({ value: String(seconds), label: t("sanction-duration-option", { hours: seconds / HOUR_S }) })),
});

export const MUTE_S = HOUR_S;
export const BAN_S = 7 * 24 * HOUR_S;
