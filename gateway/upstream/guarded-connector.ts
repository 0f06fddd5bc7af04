import { type LookupAddress, type LookupOptions, lookup } from "node:dns";
import { isIP, connect as netConnect, type OnReadOpts, type Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { isAddressAllowed } from "#lib/policy/address.ts";

/** A connection that policy forbids, whatever answers there. */
export class AddressNotAllowed extends Error {
  readonly code = "ADDRESS_NOT_ALLOWED";
  constructor() {
    super("The upstream's address is not allowed");
    this.name = "AddressNotAllowed";
  }
}

type LookupCallback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;
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

/** Where connections go, and what they must be like. */
export interface ConnectTarget {
  readonly isTls: boolean;
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
  readonly lookup: Resolve;
  readonly allowPrivateNetwork: boolean;
  /** Certificates to trust instead of the usual authorities. */
  readonly ca: string | undefined;
}

/** Takes an origin (`https://host:port`) apart. Throws `TypeError` for what is no http(s) address. */
export function connectTarget(origin: string, allowPrivateNetwork: boolean, ca?: string): ConnectTarget {
  const url = new URL(origin);
  if (url.protocol !== "https:" && url.protocol !== "http:") throw new TypeError("An upstream's origin is not http(s)");
  const isTls = url.protocol === "https:";
  return {
    isTls,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (isTls ? 443 : 80) : Number(url.port),
    lookup: guardedLookup(allowPrivateNetwork),
    allowPrivateNetwork,
    ca,
  };
}

/**
 * Begins a connection: `connect` (or, over TLS, `secureConnect`) follows on the socket, or `error` and `close`. Throws
 * `AddressNotAllowed` for an address written out that policy forbids. The certificate is always verified.
 */
export function connectGuarded(target: ConnectTarget, onread: OnReadOpts, session: Buffer | undefined): Socket {
  const { host, port, lookup: guarded } = target;
  const isAddress = isIP(host) !== 0;
  if (isAddress && !isAddressAllowed(host, target.allowPrivateNetwork)) throw new AddressNotAllowed();
  const common = { host, port, lookup: guarded, autoSelectFamily: true, noDelay: true, keepAlive: true, onread };
  if (!target.isTls) return netConnect(common);
  return tlsConnect({
    ...common,
    ...(isAddress ? {} : { servername: host }),
    ...(target.ca === undefined ? {} : { ca: target.ca }),
    ...(session === undefined ? {} : { session }),
    ALPNProtocols: ["http/1.1"],
    rejectUnauthorized: true,
  });
}
