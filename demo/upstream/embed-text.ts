import { hashText } from "./seeded-hash.ts";

const FEATURES_PER_WORD = 8;

/**
 * A unit vector for a text, by feature hashing of its words: the same text always gives the same vector, and texts that
 * share words point in similar directions, so that similarity search and semantic caching have something to find.
 */
export function embedText(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [text];
  for (const word of words) {
    for (let feature = 0; feature < FEATURES_PER_WORD; feature += 1) {
      const hash = hashText(word, feature + 1);
      const at = (hash >>> 1) % dimensions;
      vector[at] = (vector[at] ?? 0) + (hash & 1 ? 1 : -1);
    }
  }
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (squares === 0) vector[0] = squares = 1;
  const length = Math.sqrt(squares);
  return vector.map((value) => value / length);
}
