import type { HashBy } from "../contract/policy-document.ts";
import type { Candidate } from "./select-target.ts";

/** A caller's text may be as long as a body. */
const HASHED_CHARS_MAX = 1_024;

/** FNV-1a over (at most 1,024) UTF-16 units, then mixed: 32 bits that differ wherever the text does, near enough. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  const end = Math.min(text.length, HASHED_CHARS_MAX);
  for (let index = 0; index < end; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return mix(hash);
}

/**
 * What a consistent hash is taken of. Where the call names no user, it is its consumer, so that one key's calls stay
 * together.
 */
export function hashedText(hashBy: HashBy, user: string | null, consumerId: string | null, keyId: string): string {
  if (hashBy === "user" && user) return user;
  return hashBy === "key" ? keyId : (consumerId ?? keyId);
}

/** MurmurHash3's finaliser: every bit of the input moves every bit of the output. */
function mix(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * Weighted rendezvous hashing (Thaler and Ravishankar; weights after Schindelhauer and Schomaker): every candidate draws a
 * number from the key and itself, and the best one is chosen. When a candidate goes, only its keys move; when one comes,
 * only keys that it wins. A candidate's share of keys is its share of weight.
 */
export function selectByHash(candidates: readonly Candidate[], keyHash: number): number {
  let chosen = -1;
  let best = Number.POSITIVE_INFINITY;
  for (let index = 0; index < candidates.length; index++) {
    const candidate = candidates[index];
    if (candidate === undefined) continue;
    const drawn = (mix(keyHash ^ candidate.hash) + 0.5) / 0x1_0000_0000;
    const score = -Math.log(drawn) / candidate.weight;
    if (score >= best) continue;
    best = score;
    chosen = index;
  }
  return chosen;
}
