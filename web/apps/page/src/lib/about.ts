/** What the server tells about itself at `/sg/v1/about`. Every field may be missing, so every reader copes without it. */

export interface Title {
  id: string;
  name: string;
}

export interface About {
  name: string;
  version: string;
  engine: string;
  titles: Title[];
  rpcs: string[];
  /** Wall time at which the server started, milliseconds; undefined when it does not say. */
  startedAt: number | undefined;
  /** The server refuses the default keys. */
  secureKeys: boolean;
  /** It runs as `supergame dev`. */
  dev: boolean;
  docs: string;
  source: string;
}

type Fields = Record<string, unknown>;

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const fields = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});

/** A link is shown only when it leads to a web page: a `javascript:` address from a reply must never become one. */
const link = (value: unknown): string => (/^(https?:\/\/|\/(?!\/))/.test(text(value)) ? text(value) : "");

export function readAbout(reply: unknown, now: number): About {
  const from = fields(reply);
  const uptime = from["uptime_s"];
  return {
    name: text(from["name"]) || "supergame",
    version: text(from["version"]),
    engine: text(from["engine"]),
    titles: list(from["titles"])
      .map((title) => ({ id: text(fields(title)["id"]), name: text(fields(title)["name"]) || text(fields(title)["id"]) }))
      .filter((title) => title.name !== ""),
    rpcs: list(from["rpcs"]).map(text).filter(Boolean),
    startedAt: typeof uptime === "number" && Number.isFinite(uptime) ? now - uptime * 1000 : undefined,
    secureKeys: from["secure_keys"] === true,
    dev: from["dev"] === true,
    docs: link(from["docs_url"]),
    source: link(from["source_url"]),
  };
}

export async function fetchAbout(get: typeof fetch = fetch): Promise<About> {
  const reply = await get("/sg/v1/about", { headers: { Accept: "application/json" } });
  if (!reply.ok) throw new Error(`the server answered ${reply.status}`);
  return readAbout(await reply.json(), Date.now());
}

/** 75 -> "1 min", 7,260 -> "2 h 1 min": enough to see at a glance whether it has just restarted. */
export function spoken(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [days, hours, minutes] = [Math.floor(whole / 86400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min` : `${whole} s`;
}
