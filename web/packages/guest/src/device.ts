/** The guest's device id and chosen name, kept in this browser. Storage may be refused (private windows): then they last as long as the page. */

export interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const DEVICE = "supergame.device";
const NAME = "supergame.name";

const FIRST = ["amber", "breezy", "cloud", "dawn", "drift", "ember", "feather", "gale", "lucky", "misty", "paper", "silver", "sunny", "velvet", "zephyr"];
const SECOND = ["falcon", "fox", "glider", "heron", "kite", "lantern", "otter", "pilot", "puffin", "ribbon", "skipper", "sparrow", "swift", "willow"];

/** `crypto.randomUUID` exists only in secure contexts; `getRandomValues` also on plain http in a home network. */
function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}

export function newDeviceId(random: (count: number) => Uint8Array = randomBytes): string {
  return "web-" + Array.from(random(16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function suggestName(random: (count: number) => Uint8Array = randomBytes): string {
  const [first = 0, second = 0, number = 0] = random(3);
  return `${FIRST[first % FIRST.length]}-${SECOND[second % SECOND.length]}-${10 + (number % 90)}`;
}

export function openShelf(storage: () => Shelf): Shelf {
  try {
    const shelf = storage();
    shelf.setItem("supergame.probe", "1");
    shelf.removeItem("supergame.probe");
    return shelf;
  } catch {
    const kept = new Map<string, string>();
    return {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    };
  }
}

export function deviceId(shelf: Shelf): string {
  const known = shelf.getItem(DEVICE);
  if (known) return known;
  const fresh = newDeviceId();
  shelf.setItem(DEVICE, fresh);
  return fresh;
}

export const knownName = (shelf: Shelf): string => shelf.getItem(NAME) ?? "";
export const keepName = (shelf: Shelf, name: string): void => shelf.setItem(NAME, name);

export function forgetDevice(shelf: Shelf): void {
  shelf.removeItem(DEVICE);
  shelf.removeItem(NAME);
}
