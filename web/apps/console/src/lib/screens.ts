/** The screens in their order, what each needs of the server and of the operator, and the key that goes there after `g`. */

import type { Component } from "svelte";
import type { Operation } from "../api";
import type { IconName } from "../parts/Icon.svelte";
import Access from "../screens/Access.svelte";
import Audit from "../screens/Audit.svelte";
import Config from "../screens/Config.svelte";
import Explorer from "../screens/Explorer.svelte";
import Feedback from "../screens/Feedback.svelte";
import Licences from "../screens/Licences.svelte";
import Matches from "../screens/Matches.svelte";
import Now from "../screens/Now.svelte";
import Players from "../screens/Players.svelte";
import Releases from "../screens/Releases.svelte";
import Reports from "../screens/Reports.svelte";
import Storage from "../screens/Storage.svelte";
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
  { id: "now", icon: "now", key: "n", group: "watch", needs: ["GET /sg/v1/console/now"], permission: "now.read", ofTitle: false, view: Now },
  { id: "matches", icon: "matches", key: "m", group: "watch", needs: ["GET /sg/v1/console/titles/{title_id}/matches"], permission: "matches.read", ofTitle: true, view: Matches },
  { id: "players", icon: "players", key: "p", group: "people", needs: ["GET /sg/v1/console/titles/{title_id}/players"], permission: "players.read", ofTitle: true, view: Players },
  { id: "reports", icon: "reports", key: "r", group: "people", needs: ["GET /sg/v1/console/titles/{title_id}/reports"], permission: "reports.read", ofTitle: true, view: Reports },
  { id: "storage", icon: "storage", key: "s", group: "people", needs: ["GET /sg/v1/console/titles/{title_id}/storage/collections"], permission: "storage.read", ofTitle: true, view: Storage },
  { id: "feedback", icon: "feedback", key: "f", group: "people", needs: ["GET /sg/v1/console/titles/{title_id}/feedback"], permission: "feedback.read", ofTitle: true, view: Feedback },
  { id: "titles", icon: "titles", key: "t", group: "game", needs: ["GET /sg/v1/console/titles"], permission: "titles.read", ofTitle: false, view: Titles },
  { id: "config", icon: "config", key: "c", group: "game", needs: ["GET /sg/v1/console/titles/{title_id}/config"], permission: "config.read", ofTitle: true, view: Config },
  { id: "releases", icon: "releases", key: "e", group: "game", needs: ["GET /sg/v1/console/titles/{title_id}/channels"], permission: "releases.read", ofTitle: true, view: Releases },
  { id: "licences", icon: "licences", key: "l", group: "game", needs: ["GET /sg/v1/console/licences"], permission: "licences.read", ofTitle: false, view: Licences },
  { id: "access", icon: "access", key: "a", group: "house", needs: ["GET /sg/v1/console/operators"], permission: "access.read", ofTitle: false, view: Access },
  { id: "audit", icon: "audit", key: "u", group: "house", needs: ["GET /sg/v1/console/audit"], permission: "audit.read", ofTitle: false, view: Audit },
  { id: "api", icon: "api", key: "x", group: "house", needs: [], permission: "api.read", ofTitle: false, view: Explorer },
];

export interface Able {
  has(operation: Operation): boolean;
  may(permission: string): boolean;
}

export const screensFor = (able: Able): Screen[] => SCREENS.filter((screen) => screen.needs.every((operation) => able.has(operation)) && able.may(screen.permission));
