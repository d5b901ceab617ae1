/** The title that is looked at: it stands in the address, so that a link leads a colleague to the same one. */

import type { TitleShown } from "../operations";
import { route } from "./route.svelte";
import { session } from "./session.svelte";

class Titles {
  list = $state.raw<TitleShown[]>([]);

  async load(): Promise<void> {
    if (!session.has("GET /sg/v1/console/titles") || !session.may("titles.read")) return;
    this.list = (await session.call("GET /sg/v1/console/titles", {})).titles;
  }

  get current(): string {
    return route.place.query["title"] ?? this.list[0]?.title_id ?? "";
  }

  /** As it is known; with its environment where that is not the live one. */
  name(id: string): string {
    const title = this.list.find(({ title_id }) => title_id === id);
    if (!title) return id;
    return id === title.title ? title.name : `${title.name} (${title.environment})`;
  }
}

export const titles = new Titles();
