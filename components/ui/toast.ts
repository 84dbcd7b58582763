import type { ExternalToast } from "sonner";

// What shows and speaks them is loaded behind the page, which it would otherwise hold up; what is told before it is there waits for it.
const { promise: isShown, resolve: showFromNow } = Promise.withResolvers<void>();

/** Called once the toaster is on the page. */
export function noteToaster(): void {
  showFromNow();
}

/** Tells what has just happened: in the corner, and politely to who does not see it. */
export function tell(what: string, options?: ExternalToast): void {
  void isShown.then(async () => (await import("sonner")).toast(what, options));
}
