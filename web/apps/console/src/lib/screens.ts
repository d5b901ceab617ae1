/** The screens in their order, what each needs of the server and of the operator, and the key that goes there after `g`. */

import type { Component } from "svelte";
import type { Operation } from "../api";
import type { IconName } from "../parts/Icon.svelte";
import Access from "../screens/Access.svelte";
import Audit from "../screens/Audit.svelte";
import Config from "../screens/Config.svelte";
import Explorer from "../screens/Explorer.svelte";
import Players from "../screens/Players.svelte";
import Titles from "../screens/Titles.svelte";

export interface Screen {
  id: string;
  icon: IconName & string;
  key: string;
  group: "watch" | "people" | "game" | "house";
  /** Without any of these there is nothing to show. */
  needs: Operation[];
  permission: string;
  /** It is about one title, which is chosen above. */
  ofTitle: boolean;
  view: Component;
}

export const SCREENS: Screen[] = [
  { id: "players", icon: "players", key: "p", group: "people", needs: ["GET /sg/v1/console/titles/{title_id}/players"], permission: "players.read", ofTitle: true, view: Players },
  { id: "titles", icon: "titles", key: "t", group: "game", needs: ["GET /sg/v1/console/titles"], permission: "titles.read", ofTitle: false, view: Titles },
  { id: "config", icon: "config", key: "c", group: "game", needs: ["GET /sg/v1/console/titles/{title_id}/config"], permission: "config.read", ofTitle: true, view: Config },
  { id: "access", icon: "access", key: "a", group: "house", needs: ["GET /sg/v1/console/operators"], permission: "access.read", ofTitle: false, view: Access },
  { id: "audit", icon: "audit", key: "u", group: "house", needs: ["GET /sg/v1/console/audit"], permission: "audit.read", ofTitle: false, view: Audit },
  { id: "api", icon: "api", key: "x", group: "house", needs: [], permission: "api.read", ofTitle: false, view: Explorer },
];

export interface Able {
  has(operation: Operation): boolean;
  may(permission: string): boolean;
}

export const screensFor = (able: Able): Screen[] => SCREENS.filter((screen) => screen.needs.every((operation) => able.has(operation)) && able.may(screen.permission));
