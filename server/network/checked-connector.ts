import "server-only";
import { type LookupAddress, type LookupOptions, lookup } from "node:dns";
import { isIP } from "node:net";
import { buildConnector } from "undici";
import { ENGINE_SENTENCES } from "@/domain/history-job/engine-sentences.ts";
import { env } from "@/server/env.ts";
import { mayBeDialled } from "./inward-address.ts";

/**
 * A connection that would have led into a private network, to this machine or to a cloud's metadata. It names no address: whoever chose the
 * name could use us to look up what names mean in there.
 */
export class InwardAddressError extends Error {
  override readonly name = "InwardAddressError";

  constructor() {
    super(ENGINE_SENTENCES.inwardAddress());
  }
}

type LookupCallback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** As node:dns looks a name up. */
export type Lookup = (hostname: string, options: LookupOptions & { all: true }, callback: LookupAllCallback) => void;
type LookupAllCallback = (error: Error | null, addresses: LookupAddress[]) => void;

/**
 * Dials for undici, and checks each address at the moment it is dialled: what is connected to is the very answer that was checked, so that a
 * name cannot change in between. A name with one address that may not be dialled is refused whole: an honest one has none.
 * @param look how names are looked up
 */
export function checkedConnector(timeoutMs: number, look: Lookup = lookup): buildConnector.connector {
  const connect = buildConnector({
    timeout: timeoutMs,
    allowH2: false,
    lookup: (hostname: string, options: LookupOptions, callback: LookupCallback) => {
      look(hostname, { ...options, all: true }, (error, addresses) => {
        const [first] = addresses ?? [];
        if (error !== null || first === undefined) {
          callback(error ?? new Error(`${hostname} has no address`), []);
        } else if (!addresses.every(({ address }) => isPermitted(address))) {
          callback(new InwardAddressError(), []);
        } else if (options.all) {
          callback(null, addresses);
        } else {
          callback(null, first.address, first.family);
        }
      });
    },
  });
  return (options, callback) => {
    // An address in the place of a name is not looked up.
    if (isIP(options.hostname) !== 0 && !isPermitted(options.hostname)) {
      callback(new InwardAddressError(), null);
    } else {
      connect(options, callback);
    }
  };
}

function isPermitted(address: string): boolean {
  return mayBeDialled(address, env().PRIVATE_ENDPOINTS);
}
