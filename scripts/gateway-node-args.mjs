/**
 * What V8 is told when it runs a gateway node. A young generation of 4 MiB halves: a call's objects are dead long before
 * they fill it, small halves stay in the processor's cache, and what they would grow to otherwise is memory that stays
 * resident (docs/performance.md has the figures).
 *
 * @type {readonly string[]}
 */
export const gatewayNodeArgs = ["--max-semi-space-size=4"];

/**
 * What the C library is told: V8's and libuv's threads share two arenas instead of keeping one each, which stays resident.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const gatewayNodeEnv = { MALLOC_ARENA_MAX: "2" };
