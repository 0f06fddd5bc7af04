import { type LookupAddress, type LookupOptions, lookup } from "node:dns";
import { isIP } from "node:net";
import { buildConnector } from "undici";
import { isAddressAllowed } from "#lib/policy/address.ts";

/** A connection that policy forbids, whatever answers there. */
export class AddressNotAllowed extends Error {
  readonly code = "ADDRESS_NOT_ALLOWED";
  constructor() {
    super("The upstream's address is not allowed");
    this.name = "AddressNotAllowed";
  }
}

type LookupCallback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;
export type Resolve = (hostname: string, options: LookupOptions, callback: LookupCallback) => void;

/**
 * Resolves a name and hands on only addresses that this upstream may have: the socket connects to the very addresses
 * that were checked, so that a name which answers differently the second time gains nothing.
 */
export function guardedLookup(allowPrivateNetwork: boolean, resolve: Resolve = resolveAll): Resolve {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      const addresses = typeof found === "string" ? [] : found;
      const allowed = addresses.filter(({ address }) => isAddressAllowed(address, allowPrivateNetwork));
      const [first] = allowed;
      if (first === undefined) return callback(new AddressNotAllowed(), []);
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

function resolveAll(hostname: string, options: LookupOptions, callback: LookupCallback): void {
  lookup(hostname, { ...options, all: true }, (error, addresses) => callback(error, addresses));
}

/** A connector for undici that refuses forbidden addresses, written out or resolved. */
export function guardedConnector(allowPrivateNetwork: boolean, timeoutMs: number): buildConnector.connector {
  const connect = buildConnector({
    timeout: timeoutMs,
    lookup: guardedLookup(allowPrivateNetwork),
    autoSelectFamily: true,
  });
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, "");
    if (isIP(host) !== 0 && !isAddressAllowed(host, allowPrivateNetwork)) {
      callback(new AddressNotAllowed(), null);
      return;
    }
    connect(options, callback);
  };
}
