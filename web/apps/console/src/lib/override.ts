/** An override of a config value as a form has it, and back. */

import type { ConfigValue, Override } from "../operations";
import { type Field, instant, localTime, text, type Values } from "./form";
import { t } from "./words.svelte";

/** What a person types for a value of this kind, as the JSON that the server keeps. */
export const written = (kind: string, value: string): string => (kind === "text" || kind === "choice" ? JSON.stringify(value) : value.trim());

/** And back: texts without their quotes. */
export function typed(kind: string, json: string): string {
  if (kind !== "text" && kind !== "choice") return json;
  try {
    return String(JSON.parse(json));
  } catch {
    return json;
  }
}

export function valueField(value: ConfigValue, json: string): Field {
  const field = { name: "value", label: t("config-value"), value: typed(value.kind, json), required: value.kind !== "text" };
  switch (value.kind) {
    case "flag":
      return { ...field, kind: "select", options: [{ value: "true", label: t("config-true") }, { value: "false", label: t("config-false") }] };
    case "choice":
      return { ...field, kind: "select", options: value.choices.map((name) => ({ value: name, label: name })) };
    case "number":
    case "integer":
      return { ...field, kind: "number", step: value.kind === "integer" ? 1 : "any", ...(value.min !== null && { min: value.min }), ...(value.max !== null && { max: value.max }) };
    case "json":
      return { ...field, kind: "json" };
    default:
      return { ...field, kind: "text" };
  }
}

export function overrideFields(value: ConfigValue, override: Override): Field[] {
  return [
    valueField(value, override.value),
    { name: "percent", label: t("config-percent"), kind: "number", value: override.percent === null ? "" : String(override.percent), min: 0, max: 100, step: 0.01, hint: t("config-percent-hint") },
    { name: "starts", label: t("config-starts"), kind: "time", value: localTime(override.starts_at ?? ""), hint: t("config-starts-hint") },
    { name: "ends", label: t("config-ends"), kind: "time", value: localTime(override.ends_at ?? "") },
    { name: "countries", label: t("config-countries"), value: (override.segment?.countries ?? []).join(", "), hint: t("config-countries-hint") },
    { name: "langs", label: t("config-langs"), value: (override.segment?.langs ?? []).join(", "), hint: t("config-langs-hint") },
    { name: "environments", label: t("config-environments"), value: override.environments.join(", "), hint: t("config-environments-hint") },
  ];
}

const list = (values: Values, name: string): string[] => text(values, name).split(/[\s,]+/).filter(Boolean);

/** What the form says, over what it does not ask for. */
export function overrideOf(kind: string, values: Values, before: Override): Override {
  const percent = text(values, "percent");
  const segment = { vars: {}, new_within_days: null, ...before.segment, countries: list(values, "countries"), langs: list(values, "langs") };
  const isForSome = segment.countries.length > 0 || segment.langs.length > 0 || Object.keys(segment.vars).length > 0 || segment.new_within_days !== null;
  return {
    value: written(kind, text(values, "value")),
    environments: list(values, "environments"),
    segment: isForSome ? segment : null,
    percent: percent === "" ? null : Number(percent),
    starts_at: instant(text(values, "starts")) || null,
    ends_at: instant(text(values, "ends")) || null,
  };
}

export const blank = (value: ConfigValue): Override => ({ value: value.value || value.default, environments: [], segment: null, percent: null, starts_at: null, ends_at: null });

/** For whom and when it counts, in words. */
export function conditions(override: Override, moment: (iso: string) => string): string[] {
  const { percent, starts_at, ends_at, segment, environments } = override;
  return [
    percent !== null && t("config-for-percent", { percent }),
    environments.length > 0 && t("config-in-environments", { names: environments.join(", ") }),
    segment && segment.countries.length > 0 && t("config-in-countries", { names: segment.countries.join(", ") }),
    segment && segment.langs.length > 0 && t("config-in-langs", { names: segment.langs.join(", ") }),
    segment?.new_within_days != null && t("config-for-new", { days: segment.new_within_days }),
    segment && Object.keys(segment.vars).length > 0 && Object.entries(segment.vars).map(([name, value]) => `${name} = ${value}`).join(", "),
    starts_at && t("config-from", { time: moment(starts_at) }),
    ends_at && t("config-to", { time: moment(ends_at) }),
  ].filter((text): text is string => typeof text === "string");
}
