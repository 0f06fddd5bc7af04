/**
 * Which network addresses an upstream may have. Pure: the control plane asks before it accepts a `baseUrl`, a node asks
 * again for every address a name resolves to, at connect time, and connects to the very address it asked about.
 */
export type AddressClass =
  | "public"
  /** Loopback, RFC 1918, unique local, carrier-grade NAT: only where the upstream says `allowPrivateNetwork`. */
  | "private"
  /** Link-local (where clouds keep their metadata), multicast, unspecified, reserved: never. */
  | "forbidden";

type Range = readonly [address: string, prefixBits: number, found: AddressClass];

/** IANA special-purpose registry, IPv4. The first match wins. */
const RANGES_V4: readonly Range[] = [
  ["0.0.0.0", 8, "forbidden"],
  ["100.100.100.200", 32, "forbidden"], // a cloud's metadata address inside the carrier-grade NAT block
  ["192.0.0.192", 32, "forbidden"], // the same, in the protocol assignments block
  ["10.0.0.0", 8, "private"],
  ["100.64.0.0", 10, "private"],
  ["127.0.0.0", 8, "private"],
  ["169.254.0.0", 16, "forbidden"],
  ["172.16.0.0", 12, "private"],
  ["192.0.0.0", 24, "forbidden"],
  ["192.0.2.0", 24, "forbidden"],
  ["192.88.99.0", 24, "forbidden"],
  ["192.168.0.0", 16, "private"],
  ["198.18.0.0", 15, "private"],
  ["198.51.100.0", 24, "forbidden"],
  ["203.0.113.0", 24, "forbidden"],
  ["224.0.0.0", 4, "forbidden"],
  ["240.0.0.0", 4, "forbidden"],
];

/** IANA special-purpose registry, IPv6. Only 2000::/3 is public; what embeds an IPv4 address is judged by that address. */
const RANGES_V6: readonly Range[] = [
  ["::1", 128, "private"],
  ["fd00:ec2::254", 128, "forbidden"], // a cloud's metadata address inside the unique local block
  ["fd20:ce::254", 128, "forbidden"], // likewise
  ["fc00::", 7, "private"],
  ["2001::", 23, "forbidden"], // Teredo, ORCHID, benchmarking and other protocol assignments
  ["2001:db8::", 32, "forbidden"],
  ["3fff::", 20, "forbidden"],
  ["2000::", 3, "public"],
];

/** Prefixes whose tail is an IPv4 address: mapped, compatible, translated, NAT64 (both), 6to4; with the bit where it starts. */
const EMBEDDED_V4: readonly (readonly [address: string, prefixBits: number, startBit: number])[] = [
  ["::ffff:0:0", 96, 96],
  ["::ffff:0:0:0", 96, 96],
  ["64:ff9b::", 96, 96],
  ["64:ff9b:1::", 48, 96],
  ["2002::", 16, 16],
];

function parseV4(text: string): number | null {
  const parts = text.split(".");
  if (parts.length !== 4) return null;
  let value = 0;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return null;
    value = value * 256 + Number(part);
  }
  return value;
}

function groupsOf(text: string): number[] | null {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    if (part.includes(".") && index === parts.length - 1) {
      const v4 = parseV4(part);
      if (v4 === null) return null;
      groups.push(Math.floor(v4 / 65_536), v4 % 65_536);
    } else {
      if (!/^[0-9a-f]{1,4}$/i.test(part)) return null;
      groups.push(Number.parseInt(part, 16));
    }
  }
  return groups;
}

function parseV6(text: string): bigint | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const head = groupsOf(halves[0] ?? "");
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? "") : [];
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n);
}

function isWithin(address: bigint, width: number, range: bigint, prefixBits: number): boolean {
  const shift = BigInt(width - prefixBits);
  return address >> shift === range >> shift;
}

function classifyV4(address: number): AddressClass {
  for (const [start, bits, found] of RANGES_V4) {
    if (isWithin(BigInt(address), 32, BigInt(parseV4(start) ?? 0), bits)) return found;
  }
  return "public";
}

function classifyV6(address: bigint): AddressClass {
  for (const [start, bits, startBit] of EMBEDDED_V4) {
    if (isWithin(address, 128, parseV6(start) ?? 0n, bits)) {
      return classifyV4(Number((address >> BigInt(96 - startBit)) & 0xffff_ffffn));
    }
  }
  for (const [start, bits, found] of RANGES_V6) {
    if (isWithin(address, 128, parseV6(start) ?? 0n, bits)) return found;
  }
  return "forbidden";
}

/**
 * Classifies an IP address in text (a zone such as `%eth0` is forbidden: it is link-local by nature).
 * What is not an address is `forbidden`.
 */
export function classifyAddress(text: string): AddressClass {
  const v4 = parseV4(text);
  if (v4 !== null) return classifyV4(v4);
  const v6 = parseV6(text);
  return v6 === null ? "forbidden" : classifyV6(v6);
}

/** Whether a connection to this address may be opened at all, and for this upstream. */
export function isAddressAllowed(address: string, allowPrivateNetwork: boolean): boolean {
  const found = classifyAddress(address);
  return found === "public" || (found === "private" && allowPrivateNetwork);
}

/** Names that lead to this machine or to a cloud's metadata wherever they are asked for. */
const PRIVATE_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa)$/;
const FORBIDDEN_NAME = /^(metadata|instance-data)(\.|$)|(^|\.)metadata\.(google\.internal|goog)$/;

/**
 * Classifies the host of a URL as `new URL(…).hostname` gives it: decimal, octal and hexadecimal IPv4 forms are already
 * normalised there and IPv6 is in brackets. A name is `public` unless it is known to be local; what it resolves to is
 * checked again at connect time.
 */
export function classifyHost(hostname: string): AddressClass {
  const host = hostname.toLowerCase().replace(/\.$/, "");
  if (host.startsWith("[")) return classifyAddress(host.slice(1, -1));
  if (parseV4(host) !== null) return classifyAddress(host);
  if (host === "" || FORBIDDEN_NAME.test(host)) return "forbidden";
  return PRIVATE_NAME.test(host) ? "private" : "public";
}
