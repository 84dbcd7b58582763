/**
 * Gives the focus back to what had it. Where that is gone or disabled meanwhile, to the first element of the page that fits, which
 * has to be focusable, so that a person at the keyboard goes on near where they were and not at the top of the document.
 */
export function focusBack(before: Element | null, elsewhere = "h1"): void {
  const isThere =
    before instanceof HTMLElement && before.isConnected && before !== document.body && !before.matches(":disabled");
  const place = isThere ? before : document.querySelector<HTMLElement>(elsewhere);
  place?.focus();
}
