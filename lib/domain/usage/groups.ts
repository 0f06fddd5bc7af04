import type { Tx } from "../../db/client.ts";
import { type Names, readNames } from "./names.ts";
import type { GroupKey } from "./read-rollups.ts";
import type { UsageDimension, UsageGroup } from "./schemas.ts";

export const OTHER_GROUP: UsageGroup = { key: "other", label: "Other" };

/** The groups of an answer with the names of what they stand for. */
export async function describeGroups(
  tx: Tx,
  dimensions: readonly UsageDimension[],
  keys: readonly GroupKey[],
): Promise<UsageGroup[]> {
  const idsOf = (dimension: UsageDimension) => {
    const at = dimensions.indexOf(dimension);
    return at === -1 ? [] : keys.map((key) => key[at]);
  };
  const names = await readNames(tx, {
    teams: idsOf("team"),
    consumers: idsOf("consumer"),
    apiKeys: idsOf("apiKey"),
    upstreams: idsOf("upstream"),
    nodes: idsOf("node"),
  });
  return keys.map((key) => groupOf(dimensions, key, names));
}

function groupOf(dimensions: readonly UsageDimension[], key: GroupKey, names: Names): UsageGroup {
  const group: UsageGroup = { key: JSON.stringify(key), label: "" };
  const labels = dimensions.map((dimension, at) => assign(group, dimension, key[at] ?? "", names));
  return { ...group, label: labels.join(" · ") };
}

/** Sets one dimension of a group and returns what people read for it. */
function assign(group: UsageGroup, dimension: UsageDimension, value: string, names: Names): string {
  switch (dimension) {
    case "team":
    case "consumer":
    case "apiKey":
    case "upstream":
    case "node": {
      const named = value === "" ? null : names[dimension](value);
      Object.assign(group, { [dimension]: named });
      return named ? (named.name ?? named.id) : "none";
    }
    case "status":
      group.status = Number(value);
      return value;
    case "cache":
      group.cache = value;
      return value;
    case "route":
    case "routeVersion":
    case "provider":
    case "model":
      group[dimension] = value === "" ? null : value;
      return value === "" ? "none" : value;
  }
}
