/** ln Γ(x) for x > 0, by Lanczos' approximation (g = 7, 9 terms: 15 digits). Source: Numerical Recipes, 3rd ed., §6.1. */
const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;
function lnGamma(x: number): number {
  const below = x - 1;
  let sum = 0.99999999999980993;
  for (const [index, term] of LANCZOS.entries()) sum += term / (below + index + 1);
  const t = below + LANCZOS.length - 0.5;
  return 0.5 * Math.log(2 * Math.PI) + (below + 0.5) * Math.log(t) - t + Math.log(sum);
}

const TINY = 1e-300;
const STEPS_MAX = 10_000;
/** A denominator of the continued fraction that comes to nothing is moved away from zero. */
const kept = (value: number): number => (Math.abs(value) < TINY ? TINY : value);

/** The continued fraction of the incomplete beta function, by Lentz's method. Source: Numerical Recipes, 3rd ed., §6.4. */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / kept(1 - ((a + b) * x) / (a + 1));
  let product = d;
  for (let step = 1; step <= STEPS_MAX; step++) {
    const twice = 2 * step;
    const even = (step * (b - step) * x) / ((a + twice - 1) * (a + twice));
    d = 1 / kept(1 + even * d);
    c = kept(1 + even / c);
    product *= d * c;
    const odd = (-(a + step) * (a + b + step) * x) / ((a + twice) * (a + twice + 1));
    d = 1 / kept(1 + odd * d);
    c = kept(1 + odd / c);
    product *= d * c;
    if (Math.abs(d * c - 1) < 1e-14) break;
  }
  return product;
}

/** The regularised incomplete beta function I_x(a, b). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return (front * betaFraction(x, a, b)) / a;
  return 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/** P(X ≥ hits) of so many independent trials that each hit with the given probability. */
export function chanceOfAtLeast(hits: number, trials: number, probability: number): number {
  if (hits <= 0) return 1;
  if (hits > trials) return 0;
  return incompleteBeta(probability, hits, trials - hits + 1);
}

/**
 * The highest probability under which so few hits are still not rarer than `chance`: Clopper and Pearson's upper bound
 * (Biometrika 26, 1934), which is exact at every sample size. 1 without trials.
 */
export function upperBound(hits: number, trials: number, chance: number): number {
  if (hits >= trials) return 1;
  let [low, high] = [hits / trials, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    // P(X ≤ hits) falls as the probability rises.
    if (1 - chanceOfAtLeast(hits + 1, trials, middle) > chance) low = middle;
    else high = middle;
  }
  return high;
}
