/**
 * Gives the focus back to what had it. Where that is gone or disabled meanwhile, to the first of some places that is on the page, which
 * has to be focusable, so that a person at the keyboard goes on near where they were and not at the top of the document.
 * @param elsewhere selectors, the one that fits best first
 */
export function focusBack(before: Element | null, elsewhere: readonly string[] = ["h1"]): void {
  const isThere =
    before instanceof HTMLElement && before.isConnected && before !== document.body && !before.matches(":disabled");
  const places = isThere ? [before] : elsewhere.map((selector) => document.querySelector<HTMLElement>(selector));
  places.find((place) => place !== null)?.focus();
}
