import { z } from "zod";
import { formatDuration } from "#components/format/duration.ts";
import { formatBytes } from "#components/format/number.ts";
import { CACHE_TTL_SECONDS_MAX, type CacheRule, CacheScope } from "#lib/contract/cache-rule.ts";

const bytesPerKib = 1_024;
const entryKibMax = 64 * bytesPerKib;

/** A cache in a form: what it says is kept in the boxes while it is switched off. */
export const CacheBoxes = z.object({
  isOn: z.boolean(),
  ttlSeconds: z
    .int("Enter whole seconds.")
    .min(1, "At least 1 second.")
    .max(CACHE_TTL_SECONDS_MAX, "At most 30 days (2,592,000 seconds)."),
  scope: CacheScope,
  onlyTemperatureZero: z.boolean(),
  maxEntryKib: z.int("Enter whole KiB.").min(1, "At least 1 KiB.").max(entryKibMax, "At most 65,536 KiB (64 MiB)."),
  shared: z.boolean(),
});
export type CacheBoxes = z.infer<typeof CacheBoxes>;

/** A stored rule as boxes; for none, switched off with what a new one starts with. */
export function cacheBoxes(rule: CacheRule | null): CacheBoxes {
  return {
    isOn: rule !== null,
    ttlSeconds: rule?.ttlSeconds ?? 300,
    scope: rule?.scope ?? "consumer",
    onlyTemperatureZero: rule?.onlyTemperatureZero ?? false,
    maxEntryKib: Math.ceil((rule?.maxEntryBytes ?? bytesPerKib * bytesPerKib) / bytesPerKib),
    shared: rule?.shared ?? false,
  };
}

/** Boxes as the rule that the API takes; null for no cache. */
export function cacheRule({ isOn, maxEntryKib, ...rule }: CacheBoxes): CacheRule | null {
  return isOn ? { ...rule, maxEntryBytes: maxEntryKib * bytesPerKib } : null;
}

/** Whose answers a scope gives to whom. */
export const scopeOptions: readonly { value: CacheScope; label: string; hint: string }[] = [
  { value: "consumer", label: "Consumer", hint: "A consumer gets its own answers again, and nobody else's." },
  { value: "team", label: "Team", hint: "Consumers of one team get each other's answers." },
  { value: "everyone", label: "Everyone", hint: "Whoever may call the route gets anybody's answer to the same call." },
];

const scopeWords: Record<CacheScope, string> = {
  consumer: "each consumer by itself",
  team: "shared within a team",
  everyone: "shared by everyone",
};

/** A cache in one line: "5 m, each consumer by itself, only at temperature 0". */
export function cacheWords(rule: CacheRule | null): string {
  if (rule === null) return "no cache";
  const parts = [formatDuration(rule.ttlSeconds * 1_000), scopeWords[rule.scope]];
  if (rule.onlyTemperatureZero) parts.push("only at temperature 0");
  parts.push(`answers up to ${formatBytes(rule.maxEntryBytes)}`);
  if (rule.shared) parts.push("shared between nodes");
  return parts.join(", ");
}
