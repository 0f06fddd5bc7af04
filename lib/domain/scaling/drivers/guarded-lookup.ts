import { type LookupAddress, type LookupOptions, lookup } from "node:dns";
import { isAddressAllowed } from "../../../policy/address.ts";

type LookupCallback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/**
 * Looks a name up and hands on only addresses that may be called: the socket connects to the very addresses that were
 * checked, so that a name which answers differently the second time gains nothing. The rule is the nodes' own.
 */
export function guardedLookup(allowPrivateNetwork: boolean) {
  return (hostname: string, options: LookupOptions, callback: LookupCallback): void => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      const allowed = found.filter(({ address }) => isAddressAllowed(address, allowPrivateNetwork));
      const [first] = allowed;
      if (first === undefined) return callback(new Error("its address is not allowed"), []);
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}
