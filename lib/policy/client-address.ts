import { BlockList, isIP } from "node:net";

/** More hops than any chain of proxies has: what is beyond is not looked at. */
const HOPS_MAX = 32;
const HEADER_CHARS_MAX = 4_096;

/** An address as it is compared and recorded: an IPv4 address inside IPv6 is the IPv4 address. */
export function plainAddress(address: string): string {
  return address.startsWith("::ffff:") && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}

/** The networks of a list such as `10.0.0.0/8,::1`; null when an entry is no address or network. */
export function parseNetworks(text: string): BlockList | null {
  const networks = new BlockList();
  for (const entry of text.split(",").map((part) => part.trim())) {
    const [address = "", prefix, ...more] = entry.split("/");
    const family = isIP(address);
    const width = family === 4 ? 32 : 128;
    const bits = prefix === undefined ? width : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
    if (family === 0 || more.length > 0 || bits < 0 || bits > width) return null;
    networks.addSubnet(address, bits, family === 4 ? "ipv4" : "ipv6");
  }
  return networks;
}

function isTrusted(trusted: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && trusted.check(address, family === 4 ? "ipv4" : "ipv6");
}

/** The address in an entry, which may have a port and brackets; null where there is none (`unknown`, a name). */
function addressIn(entry: string): string | null {
  const text = entry.trim();
  const bracketed = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text)?.[1];
  const withPort = /^([\d.]+):\d{1,5}$/.exec(text)?.[1];
  const address = plainAddress((bracketed ?? withPort ?? text).toLowerCase());
  return isIP(address) === 0 ? null : address;
}

/**
 * Whose call it is: the peer's address, or, where the peer is a trusted proxy, the last address in `x-forwarded-for` that
 * is not one. Read from right to left, because everything left of the first hop that is not trusted is only what the
 * caller says of itself. `forwarded` holds every header of that name, in the order in which they came.
 */
export function clientAddress(peer: string, forwarded: readonly string[], trusted: BlockList): string {
  let address = plainAddress(peer);
  if (!isTrusted(trusted, address)) return address;
  const entries = forwarded.join(",").slice(-HEADER_CHARS_MAX).split(",").slice(-HOPS_MAX);
  for (const entry of entries.reverse()) {
    const hop = addressIn(entry);
    if (hop === null) return address;
    address = hop;
    if (!isTrusted(trusted, address)) return address;
  }
  return address;
}
