import type { Instrumentation } from "next";

/** Logs what a page threw in full, under the digest that the error page shows as its reference. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  // Next compiles this file for its edge runtime as well, where nothing of ours runs; the constant cuts the import out.
  if (process.env.NEXT_RUNTIME === "nodejs") {
    const { log } = await import("@/server/log.ts");
    const reference = error instanceof Error && "digest" in error ? error.digest : undefined;
    log.error({ err: error, reference, path: request.path, route: context.routePath }, "console page failed");
  }
};
