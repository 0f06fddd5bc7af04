import { describe, expect, it } from "vitest";
import { keyAttention } from "./key-attention.ts";

const now = Date.parse("2026-11-24T12:00:00Z");
const key = (changes: Partial<Parameters<typeof keyAttention>[0]>) => ({
  state: "active" as const,
  createdAt: "2026-01-01T00:00:00Z",
  lastUsedAt: "2026-11-24T11:00:00Z",
  expiresAt: null,
  ...changes,
});

describe("keyAttention", () => {
  it("leaves a key in use alone", () => expect(keyAttention(key({}), now)).toBeNull());

  it("points at a key nobody ever used, after two days of grace", () => {
    expect(keyAttention(key({ lastUsedAt: null }), now)?.kind).toBe("unused");
    expect(keyAttention(key({ lastUsedAt: null, createdAt: "2026-11-23T00:00:00Z" }), now)).toBeNull();
  });

  it("points at a key idle for 30 days, and says for how long", () => {
    expect(keyAttention(key({ lastUsedAt: "2026-10-01T12:00:00Z" }), now)?.words).toBe("Idle 54 days");
    expect(keyAttention(key({ lastUsedAt: "2026-10-26T12:00:00Z" }), now)).toBeNull();
  });

  it("warns of an expiry within a week before anything else", () => {
    expect(keyAttention(key({ lastUsedAt: null, expiresAt: "2026-11-28T00:00:00Z" }), now)?.kind).toBe("expiresSoon");
  });

  it("says nothing about a key that does not work any more", () => {
    expect(keyAttention(key({ state: "revoked", lastUsedAt: null }), now)).toBeNull();
    expect(keyAttention(key({ state: "expired", lastUsedAt: null }), now)).toBeNull();
  });
});
