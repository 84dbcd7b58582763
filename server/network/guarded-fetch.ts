import "server-only";
import { Agent, type Dispatcher, setGlobalDispatcher } from "undici";
import { checkedConnector } from "./checked-connector.ts";

const CONNECT_TIMEOUT_MS = 5_000;

/** Until the first byte, and between two of them. A person waits for it at the sign-in page. */
const ANSWER_TIMEOUT_MS = 10_000;

/**
 * Makes `fetch` as safe as connections to log services, for this process and whatever library in it calls `fetch`: better-auth asks the OIDC
 * provider by it, for discovery, tokens, keys and people, and has no place for a client of ours. Each address is checked when it is dialled, and a redirect is an error.
 * @param ownOrigins where this process listens: Next hands actions on to itself by `fetch`, at the address that the client named
 */
export function guardFetch(ownOrigins: readonly string[]): void {
  const own = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS } });
  const outward = new Agent({
    connect: checkedConnector(CONNECT_TIMEOUT_MS),
    allowH2: false,
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: ANSWER_TIMEOUT_MS,
  }).compose(refuseRedirects);
  setGlobalDispatcher(
    own.compose(
      (dispatch) => (options, handler) =>
        ownOrigins.includes(String(options.origin)) ? dispatch(options, handler) : outward.dispatch(options, handler),
    ),
  );
}

function refuseRedirects(dispatch: Dispatcher.Dispatch): Dispatcher.Dispatch {
  return (options, handler) =>
    dispatch(options, {
      onRequestStart: (...args) => handler.onRequestStart?.(...args),
      onRequestUpgrade: (...args) => handler.onRequestUpgrade?.(...args),
      onResponseStart: (controller, statusCode, headers, message) => {
        if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
          throw new Error("the answer is a redirect, and none is followed");
        }
        handler.onResponseStart?.(controller, statusCode, headers, message);
      },
      onResponseData: (...args) => handler.onResponseData?.(...args),
      onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
      onResponseError: (...args) => handler.onResponseError?.(...args),
    });
}
