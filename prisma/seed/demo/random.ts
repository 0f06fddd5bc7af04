/** A source of numbers that gives the same ones for the same name: nothing in a seed is left to chance. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** A whole number from 0 up to, but not including, `below`. */
  below(below: number): number;
  chance(share: number): boolean;
  /** Log-normal around its median. */
  logNormal(median: number, sigma: number): number;
  /** How often something happens that is expected `mean` times. */
  poisson(mean: number): number;
  /** One of several, by weight. */
  pick<T>(choices: readonly (readonly [T, number])[]): T;
}

/** A generator (mulberry32) whose whole sequence follows from the name. */
export function randomFrom(name: string): Random {
  let state = hash(name);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return {
    next,
    below: (below) => Math.floor(next() * below),
    chance: (share) => next() < share,
    logNormal: (median, sigma) => median * Math.exp(sigma * normal()),
    poisson: (mean) => (mean > 30 ? Math.max(0, Math.round(mean + Math.sqrt(mean) * normal())) : knuth(mean, next)),
    pick(choices) {
      const [last] = choices.slice(-1);
      if (!last) throw new Error("Nothing to pick from");
      let left = next() * choices.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [value, weight] of choices) {
        left -= weight;
        if (left < 0) return value;
      }
      return last[0];
    },
  };
}

function knuth(mean: number, next: () => number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = next(); product > limit; product *= next()) count += 1;
  return count;
}

/** FNV-1a over the name. */
function hash(name: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1) value = Math.imul(value ^ name.charCodeAt(index), 0x01000193);
  return value >>> 0;
}
