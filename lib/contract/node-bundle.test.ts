import { generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BundleContent, openBundle, sealBundle } from "./node-bundle.ts";
import { PublicJwk } from "./node-protocol.ts";

const plane = generateKeyPairSync("ed25519");
const jwkOf = (key: KeyObject): PublicJwk => PublicJwk.parse(key.export({ format: "jwk" }));
const signWith = (key: KeyObject) => (text: string) => sign(null, Buffer.from(text), key).toString("base64url");
const verifies = (key: PublicJwk, text: string, signature: string): boolean =>
  verify(null, Buffer.from(text), { key: { ...key }, format: "jwk" }, Buffer.from(signature, "base64url"));

const now = new Date("2026-11-24T12:00:00.000Z");
const about = {
  id: "bdl_1",
  group: "default",
  createdAt: now.toISOString(),
  expiresAt: new Date(now.getTime() + 60_000).toISOString(),
};
const header = { epoch: 1, number: 1, parent: 0, sha256: "0".repeat(64) };
const content: BundleContent = {
  controlKey: jwkOf(plane.publicKey),
  epoch: 1,
  joinToken: "tpj_token.pin",
  revision: { encoding: "full", header, signature: "s", document: "{}" },
  directory: { cursor: 0, changes: [] },
  credentials: { version: 1, credentials: [{ id: "c", upstreamId: "u", kind: "apiKey", secret: "sk-canary-secret" }] },
};
const made = sealBundle(about, content, signWith(plane.privateKey));
const open = (bytes: Buffer, key = made.key, at = now) => openBundle(bytes, key, at, verifies);
const refusal = (work: () => unknown): unknown => {
  try {
    work();
    return null;
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
};

describe("a node bundle", () => {
  it("opens with its key, and holds no secret in the clear", () => {
    expect(open(made.bytes).content).toEqual(content);
    expect(made.bytes.includes("sk-canary-secret")).toBe(false);
    expect(made.bytes.includes("tpj_token")).toBe(false);
  });

  it("does not open with another bundle's key, nor once it has expired", () => {
    const other = sealBundle(about, content, signWith(plane.privateKey));
    expect(refusal(() => open(made.bytes, other.key))).toBe("wrong_key");
    expect(refusal(() => open(made.bytes, made.key, new Date(now.getTime() + 60_001)))).toBe("expired");
  });

  it("is not taken from another control plane, whoever encrypted it", () => {
    const impostor = generateKeyPairSync("ed25519");
    const forged = sealBundle(about, content, signWith(impostor.privateKey));
    expect(refusal(() => open(forged.bytes, forged.key))).toBe("bad_signature");
    const foreign = { ...content, controlKey: jwkOf(impostor.publicKey) };
    const whole = sealBundle(about, foreign, signWith(impostor.privateKey));
    const pinned = `${whole.key.split(".")[0]}.${made.key.split(".")[1]}`;
    expect(refusal(() => open(whole.bytes, pinned))).toBe("wrong_key");
  });

  it("is refused with a code when any byte is another or its end is missing", () => {
    const codes = ["not_a_bundle", "wrong_key", "bad_signature"];
    fc.assert(
      fc.property(fc.nat(made.bytes.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, flip, isCut) => {
        const bytes = isCut ? made.bytes.subarray(0, at) : Buffer.from(made.bytes);
        if (!isCut) bytes[at] = (bytes[at] ?? 0) ^ flip;
        expect(codes).toContain(refusal(() => open(bytes)));
      }),
      { numRuns: 400 },
    );
  });
});
