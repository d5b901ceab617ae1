/** Numbers, times and money as people read them. The server sends bare values; the language is the reader's. */

const KIB = 1024;

export function count(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(value);
}

export function bytes(value: number, locale: string): string {
  const step = value < KIB ? 0 : Math.min(3, Math.floor(Math.log2(value) / 10));
  const digits = step === 0 ? 0 : 1;
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value / KIB ** step)} ${["B", "KiB", "MiB", "GiB"][step]}`;
}

/** Minor units as money: 1234 EUR -> 12.34 EUR. How many digits a currency has is known to Intl. */
export function money(minor: number, currency: string, locale: string): string {
  if (!/^[A-Z]{3}$/.test(currency)) return `${count(minor, locale)} ${currency}`.trim();
  const format = new Intl.NumberFormat(locale, { style: "currency", currency });
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

export function moment(value: Date, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" }).format(value);
}

export function clock(value: Date, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: "medium" }).format(value);
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "3 hours ago", "in 2 days": the largest unit that fits, one of them. */
export function ago(then: Date, now: Date, locale: string): string {
  const ahead = (then.getTime() - now.getTime()) / 1000;
  const seconds = ahead > 0 && ahead < 60 ? 0 : ahead; // clocks differ by moments
  const [unit, size] = STEPS.find(([, step]) => Math.abs(seconds) >= step) ?? (["second", 1] as const);
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(Math.trunc(seconds / size), unit);
}

/** A whole time span in its two largest units: 7,260 s -> "2 h 1 min". */
export function span(seconds: number, locale: string): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), "day"],
    [Math.floor(whole / 3_600) % 24, "hour"],
    [Math.floor(whole / 60) % 60, "minute"],
    [whole % 60, "second"],
  ];
  const first = parts.findIndex(([value]) => value > 0);
  const shown = first < 0 ? parts.slice(-1) : parts.slice(first, first + 2).filter(([value]) => value > 0);
  return shown.map(([value, unit]) => new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "narrow" }).format(value)).join(" ");
}
