/** What `artAtlas()` of `@kitewind/art/vite` makes of the sprites. */
declare module "virtual:kitewind-atlas" {
  import type { Atlas, Picture } from "@kitewind/art";
  export const atlas: Atlas;
  /** Pictures of their own: 9-slices by name (`panel`, `button`, ...), the `wordmark`. */
  export const pictures: Readonly<Record<string, Picture>>;
}
