import type { RouteVersionDocument } from "../contract/policy-document.ts";

/** Where a version is in its life at a moment. */
export type LifeMoment =
  | { readonly kind: "alive" }
  /** It answers as if it were retired until then. */
  | { readonly kind: "brownout"; readonly untilMs: number }
  | { readonly kind: "retired"; readonly sinceMs: number | null };

/** The times of a version's life, in milliseconds since 1970. */
export interface VersionLife {
  readonly isRetired: boolean;
  /** From when on it is retired by itself: the sunset of a deprecated version. Infinity for never. */
  readonly sunsetMs: number;
  readonly brownouts: readonly { readonly startMs: number; readonly endMs: number }[];
}

const ALIVE: LifeMoment = { kind: "alive" };

/** Works the times out once. */
export function compileLife(version: Pick<RouteVersionDocument, "status" | "sunsetAt" | "brownouts">): VersionLife {
  const isDeprecated = version.status === "deprecated";
  return {
    isRetired: version.status === "retired",
    sunsetMs: isDeprecated && version.sunsetAt !== null ? Date.parse(version.sunsetAt) : Number.POSITIVE_INFINITY,
    brownouts: (isDeprecated ? version.brownouts : []).map(({ startsAt, durationSeconds }) => {
      const startMs = Date.parse(startsAt);
      return { startMs, endMs: startMs + durationSeconds * 1_000 };
    }),
  };
}

/** Where a version is at a moment of the control plane's clock. Hot path. */
export function lifeAt(life: VersionLife, nowMs: number): LifeMoment {
  if (life.isRetired) return { kind: "retired", sinceMs: null };
  if (nowMs >= life.sunsetMs) return { kind: "retired", sinceMs: life.sunsetMs };
  let untilMs = 0;
  for (const { startMs, endMs } of life.brownouts)
    if (nowMs >= startMs && nowMs < endMs) untilMs = Math.max(untilMs, endMs);
  return untilMs === 0 ? ALIVE : { kind: "brownout", untilMs };
}
