/**
 * What a limit for each source address counts together: an IPv4 address, or the first 64 bits of an IPv6 address, because
 * whoever has one of those has all that begin alike. `address` as a socket gives it.
 */
export function addressBlock(address: string): string {
  if (!address.includes(":") || address.includes(".")) return address;
  const [before = "", after] = address.split("::");
  const head = before === "" ? [] : before.split(":");
  const tail = after === undefined || after === "" ? [] : after.split(":");
  const zeros = after === undefined ? [] : new Array<string>(Math.max(0, 8 - head.length - tail.length)).fill("0");
  const groups = [...head, ...zeros, ...tail].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, "").toLowerCase());
  return `${groups.join(":")}::/64`;
}
