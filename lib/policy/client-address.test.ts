import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clientAddress, parseNetworks, plainAddress } from "./client-address.ts";

function networks(text: string) {
  const parsed = parseNetworks(text);
  if (parsed === null) throw new Error("These are no networks");
  return parsed;
}
const trusted = networks("10.0.0.0/8, 2001:db8::/32,127.0.0.1");

describe("clientAddress", () => {
  it.each([
    ["203.0.113.9", ["1.1.1.1"], "203.0.113.9"],
    ["::ffff:203.0.113.9", ["1.1.1.1"], "203.0.113.9"],
    ["10.1.1.1", [], "10.1.1.1"],
    ["10.1.1.1", ["198.51.100.7"], "198.51.100.7"],
    ["::ffff:10.1.1.1", ["198.51.100.7"], "198.51.100.7"],
    ["10.1.1.1", ["6.6.6.6, 198.51.100.7, 10.2.2.2"], "198.51.100.7"],
    ["10.1.1.1", ["6.6.6.6", "198.51.100.7", "10.2.2.2"], "198.51.100.7"],
    ["10.1.1.1", ["10.3.3.3, 10.2.2.2"], "10.3.3.3"],
    ["10.1.1.1", ["198.51.100.7:4711"], "198.51.100.7"],
    ["10.1.1.1", ["[2001:470::7]:4711"], "2001:470::7"],
    ["2001:db8::5", ["2001:470::7"], "2001:470::7"],
    ["10.1.1.1", ["6.6.6.6, unknown"], "10.1.1.1"],
    ["10.1.1.1", ["6.6.6.6, , 10.2.2.2"], "10.2.2.2"],
    ["10.1.1.1", ["evil<script>"], "10.1.1.1"],
    ["", ["6.6.6.6"], ""],
  ])("of %s with %j is %s", (peer, forwarded, expected) => {
    expect(clientAddress(peer, forwarded, trusted)).toBe(expected);
  });

  it("is never what a caller writes in front of the first hop that is not trusted", () => {
    const junk = fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.constantFrom("10.0.0.1", "::1", ","));
    const untrusted = fc.ipV4().filter((address) => !address.startsWith("10.") && address !== "127.0.0.1");
    const hops = fc.array(fc.constantFrom("10.9.9.9", "2001:db8::1", "127.0.0.1"), { maxLength: 5 });
    fc.assert(
      fc.property(
        fc.array(junk, { maxLength: 5 }),
        untrusted,
        hops,
        fc.boolean(),
        (written, client, proxies, isSplit) => {
          const entries = [...written, client, ...proxies];
          const forwarded = isSplit ? entries : [entries.join(", ")];
          expect(clientAddress("10.1.1.1", forwarded, trusted)).toBe(client);
          expect(clientAddress(client, forwarded, trusted)).toBe(client);
        },
      ),
    );
  });

  it("is bounded in time for a header of any length", () => {
    expect(clientAddress("10.1.1.1", ["10.0.0.1,".repeat(100_000)], trusted)).toBe("10.1.1.1");
    expect(plainAddress("::ffff:nonsense")).toBe("::ffff:nonsense");
  });

  it("needs networks that are ones", () => {
    for (const text of [
      "",
      "10.0.0.0/33",
      "10.0.0.0/-1",
      "10.0.0/8",
      "example.org",
      "10.0.0.0/8/8",
      "10.0.0.0/8,",
      "::/129",
    ]) {
      expect(parseNetworks(text)).toBe(null);
    }
  });
});
