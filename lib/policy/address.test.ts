import { describe, expect, it } from "vitest";
import { classifyAddress, classifyHost, isAddressAllowed } from "./address.ts";

const CASES = {
  public: [
    "1.1.1.1",
    "8.8.8.8",
    "172.32.0.1",
    "100.128.0.1",
    "198.20.0.1",
    "2606:4700::1111",
    "::ffff:8.8.8.8",
    "2002:808:808::",
  ],
  private: [
    "127.0.0.1",
    "127.255.255.254",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "100.64.0.1",
    "198.18.0.1",
    "198.19.255.255",
    "::1",
    "fc00::1",
    "fd12:3456::1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:0:10.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::192.168.1.1",
    "2002:7f00:1::",
    "2002:c0a8:101::1",
  ],
  forbidden: [
    "0.0.0.0",
    "0.1.2.3",
    "169.254.169.254",
    "100.100.100.200",
    "192.0.0.192",
    "192.0.2.1",
    "198.51.100.1",
    "203.0.113.9",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::7f00:1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "fd00:ec2::254",
    "::ffff:169.254.169.254",
    "::ffff:a9fe:a9fe",
    "64:ff9b::169.254.169.254",
    "2002:a9fe:a9fe::1",
    "2001:0:4136:e378::1",
    "2001:db8::1",
    "100::1",
    "",
    "127.1",
    "0x7f000001",
    "010.0.0.1",
    "1:2:3:4:5:6:7:8:9",
    "1::2::3",
    "::ffff:999.1.1.1",
  ],
} as const;

describe("classifyAddress", () => {
  for (const [expected, addresses] of Object.entries(CASES)) {
    it.each(addresses)(`finds %s ${expected}`, (address) => {
      expect(classifyAddress(address)).toBe(expected);
    });
  }

  it("lets a private address pass only where the upstream says so, and a forbidden one never", () => {
    expect(isAddressAllowed("127.0.0.1", false)).toBe(false);
    expect(isAddressAllowed("127.0.0.1", true)).toBe(true);
    expect(isAddressAllowed("169.254.169.254", true)).toBe(false);
    expect(isAddressAllowed("8.8.8.8", false)).toBe(true);
  });
});

describe("classifyHost, on what URL makes of a host", () => {
  it.each([
    ["http://2130706433/", "private"],
    ["http://0x7f.1/", "private"],
    ["http://0177.0.0.1/", "private"],
    ["http://127.1/", "private"],
    ["http://[::ffff:127.0.0.1]/", "private"],
    ["http://1②7.0.0.1/", "private"],
    ["http://127。0。0。1/", "private"],
    ["http://localhost./", "private"],
    ["http://db.internal/", "private"],
    ["http://[fe80::1]/", "forbidden"],
    ["http://0xa9fea9fe/", "forbidden"],
    ["http://metadata.google.internal/", "forbidden"],
    ["http://metadata/", "forbidden"],
    ["http://0/", "forbidden"],
    ["https://api.openai.com/v1", "public"],
    ["https://user@8.8.8.8/", "public"],
  ])("%s is %s", (url, expected) => {
    expect(classifyHost(new URL(url).hostname)).toBe(expected);
  });
});
