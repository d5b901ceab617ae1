/** Scrolls to a part of the page. A plain `#part` link would overwrite the key that the address may carry. */
export function jump(event: MouseEvent): void {
  const link = event.currentTarget as HTMLAnchorElement;
  const part = document.getElementById(link.hash.slice(1));
  if (!part) return;
  event.preventDefault();
  part.scrollIntoView();
  part.focus({ preventScroll: true });
}
