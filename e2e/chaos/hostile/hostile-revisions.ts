import { generateKeyPairSync } from "node:crypto";
import { zstdCompressSync } from "node:zlib";
import type { TestControlPlane } from "#gateway/testing/control-plane.ts";
import { canonicalJson } from "#lib/contract/canonical.ts";
import { PolicyDocument } from "#lib/contract/policy-document.ts";

/** A message that looks like a revision of this number and must not come into force. */
export type Hostile = (plane: TestControlPlane, number: number, good: PolicyDocument, random: () => number) => unknown;

const foreignKey = generateKeyPairSync("ed25519").privateKey;

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Every place in a document, as the names and numbers that lead there. */
function placesOf(value: Json, path: (string | number)[] = []): (string | number)[][] {
  const inner: [string | number, Json][] = Array.isArray(value)
    ? [...value.entries()]
    : typeof value === "object" && value !== null
      ? Object.entries(value)
      : [];
  return [path, ...inner.flatMap(([name, child]) => placesOf(child, [...path, name]))];
}

/** A copy of a document, in which `change` has replaced what is at a place. */
function changed(document: PolicyDocument, path: readonly (string | number)[], change: (value: Json) => Json): Json {
  const walk = (value: Json, [name, ...rest]: readonly (string | number)[]): Json => {
    if (name === undefined) return change(value);
    if (Array.isArray(value)) return value.map((child, place) => (place === name ? walk(child, rest) : child));
    if (typeof value !== "object" || value === null) return value;
    return { ...value, [name]: walk(value[String(name)] ?? null, rest) };
  };
  return walk(JSON.parse(JSON.stringify(document)), path);
}

/** Signed as it should be, by the control plane itself: only the document is wrong. */
function signed(plane: TestControlPlane, number: number, document: unknown): unknown {
  return { kind: "revision", revision: plane.signed(number, document) };
}

/** Some place of the document that the change makes invalid, whatever the schema lets pass elsewhere. */
function spoilt(good: PolicyDocument, random: () => number, change: (value: Json) => Json): Json {
  const places = placesOf(JSON.parse(JSON.stringify(good)));
  for (;;) {
    const place = places[Math.floor(random() * places.length)] ?? [];
    const document = changed(good, place, change);
    if (!PolicyDocument.safeParse(document).success) return document;
  }
}

const lists = ["upstreams", "plans", "routes"] as const;

/** What is wrong with a revision, by name. Each is wrong in one way, so that the reason can be told from the others. */
export const HOSTILE: Record<string, Hostile> = {
  "a value of another type": (plane, number, good, random) =>
    signed(
      plane,
      number,
      spoilt(good, random, (value) => (typeof value === "object" ? "text" : { wrong: true })),
    ),
  "an unknown field": (plane, number, good, random) =>
    signed(
      plane,
      number,
      spoilt(good, random, (value) =>
        typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value, sneaked: 1 } : value,
      ),
    ),
  "a field that is gone": (plane, number, good, random) =>
    signed(
      plane,
      number,
      spoilt(good, random, (value) => {
        if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
        const names = Object.keys(value);
        const gone = names[Math.floor(random() * names.length)];
        return Object.fromEntries(Object.entries(value).filter(([name]) => name !== gone));
      }),
    ),
  "a number beyond every bound": (plane, number, good, random) =>
    signed(
      plane,
      number,
      spoilt(good, random, (value) => (typeof value === "number" ? -1e300 : value)),
    ),
  "a text without end": (plane, number, good, random) =>
    signed(
      plane,
      number,
      spoilt(good, random, (value) => (typeof value === "string" ? "x".repeat(300_000) : value)),
    ),
  "a target without its upstream": (plane, number, good) => signed(plane, number, { ...good, upstreams: [] }),
  "two things of one id": (plane, number, good, random) => {
    const list = lists[Math.floor(random() * lists.length)] ?? "routes";
    return signed(plane, number, { ...good, [list]: [...good[list], ...good[list]] });
  },
  "a prototype for a field": (plane, number, good) => {
    const text = canonicalJson(good).replace(/}$/, ',"__proto__":{"polluted":true}}');
    return resigned(plane, number, text);
  },
  "JSON that ends early": (plane, number, good, random) => {
    const text = canonicalJson(good);
    return resigned(plane, number, text.slice(0, Math.floor(random() * text.length)));
  },
  "brackets without end": (plane, number) => resigned(plane, number, "[".repeat(200_000)),
  "no object": (plane, number, _, random) =>
    resigned(plane, number, ["null", "[]", "1", '""', "true"][Math.floor(random() * 5)] ?? "null"),
  "another hash": (plane, number, good) => {
    const revision = plane.signed(number, good);
    return { kind: "revision", revision: { ...revision, document: `${revision.document} ` } };
  },
  "another's signature": (plane, number, good) => ({
    kind: "revision",
    revision: plane.signed(number, good, foreignKey),
  }),
  "a signature of another number": (plane, number, good) => {
    const revision = plane.signed(number + 1, good);
    return { kind: "revision", revision: { ...revision, header: { ...revision.header, number } } };
  },
  "an older number": (plane, number, good) => signed(plane, number, good),
  "an older epoch": (plane, number, good) => {
    plane.epoch -= 1;
    const revision = plane.signed(number, good);
    plane.epoch += 1;
    return { kind: "revision", revision };
  },
  "another form of message": (plane, number, good) => ({
    kind: "revision",
    revision: { ...plane.signed(number, good), encoding: "other" },
  }),
  "packed bytes that are none": (plane, number, good, random) => {
    const { header, signature } = plane.signed(number, good);
    const zstd = Buffer.from(Array.from({ length: 64 }, () => Math.floor(random() * 256))).toString("base64");
    return { kind: "packedRevision", revision: { header, signature, base: null, zstd } };
  },
};

/** Takes a node a second or so to see through, which is why it is not among the others. */
export const packedBomb: Hostile = (plane, number, good) => {
  const { header, signature } = plane.signed(number, good);
  return { kind: "packedRevision", revision: { header, signature, base: null, zstd: BOMB } };
};

/** 160 MiB of zeros, more than a node unpacks, in some kilobytes. */
const BOMB = zstdCompressSync(Buffer.alloc(160 * 1024 * 1024)).toString("base64");

/** The text as it is, under a hash and a signature that are right. */
function resigned(plane: TestControlPlane, number: number, text: string): unknown {
  return { kind: "revision", revision: plane.signedText(number, text) };
}
