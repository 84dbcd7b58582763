/** What a shell expects of a command that Ctrl-C ended. */
export const EXIT_CODE_STOPPED = 130;

/** The first Ctrl-C only aborts the signal, so that what is under way can be brought to its end; the second ends the process. */
export function stopOnSignal(): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) {
      process.exit(EXIT_CODE_STOPPED);
    }
    controller.abort();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  return {
    signal: controller.signal,
    release: () => {
      process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
    },
  };
}
