/** Where we are: `#/players/ID?title=kitewind`. Every screen has an address that can be sent to a colleague. */

export interface Place {
  screen: string;
  /** What follows the screen in the path: an id, a part. */
  rest: string[];
  query: Record<string, string>;
}

export function placeOf(hash: string): Place {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [screen = "", ...rest] = path.split("/").map(unescaped);
  return { screen, rest: rest.filter(Boolean), query: Object.fromEntries(new URLSearchParams(search)) };
}

/** A hand-written address may hold a lone `%`; it stays what it is. */
function unescaped(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

export function hashOf({ screen, rest, query }: Place): string {
  const path = [screen, ...rest].map(encodeURIComponent).join("/");
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "")).toString();
  return `#/${path}${search && `?${search}`}`;
}

class Route {
  place = $state.raw<Place>(placeOf(location.hash));

  constructor() {
    addEventListener("hashchange", () => (this.place = placeOf(location.hash)));
  }

  /** The address of a screen, with the title that is looked at now. */
  to(screen: string, rest: string[] = [], query: Record<string, string> = {}): string {
    const { title } = this.place.query;
    return hashOf({ screen, rest, query: { ...(title && { title }), ...query } });
  }

  go(screen: string, rest: string[] = [], query: Record<string, string> = {}): void {
    location.hash = this.to(screen, rest, query);
  }

  /** Change what is looked for, without a step in the history. */
  refine(query: Record<string, string>): void {
    this.place = { ...this.place, query: { ...this.place.query, ...query } };
    history.replaceState(null, "", hashOf(this.place));
  }
}

export const route = new Route();
