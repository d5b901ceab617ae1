/** What a form asks for. Everything comes back as text, or as yes or no; the screen knows what it means. */

export interface Field {
  name: string;
  label: string;
  kind?: "text" | "password" | "number" | "area" | "json" | "select" | "check" | "time" | "file";
  value?: string | boolean;
  options?: { value: string; label: string }[];
  hint?: string;
  required?: boolean;
  min?: number;
  max?: number;
  step?: number | "any";
  maxLength?: number;
  autocomplete?: string;
  inputmode?: "numeric" | "text";
}

export type Values = Record<string, string | boolean>;

export const FILE_BYTES_MAX = 4 * 1024 * 1024;

export const initial = (fields: Field[]): Values =>
  Object.fromEntries(fields.map(({ name, kind, value, options }) => [name, value ?? (kind === "check" ? false : kind === "select" ? (options?.[0]?.value ?? "") : "")]));

export const text = (values: Values, name: string): string => (typeof values[name] === "string" ? values[name] : "");

export const flag = (values: Values, name: string): boolean => values[name] === true;

/** A number, or 0 for an empty field. */
export const number = (values: Values, name: string): number => Number(text(values, name)) || 0;

/** Why a JSON text is none, in the browser's words; empty when it is one. */
export function jsonFault(value: string): string {
  try {
    if (value.trim() !== "") JSON.parse(value);
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Local time as `<input type="datetime-local">` has it, and back as the instant that the server reads; empty stays empty. */
export const localTime = (iso: string): string => {
  const at = new Date(iso);
  if (iso === "" || Number.isNaN(at.getTime())) return "";
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

export const instant = (local: string): string => (local === "" ? "" : new Date(local).toISOString());
