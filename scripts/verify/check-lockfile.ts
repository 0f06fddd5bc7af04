// The lockfile against security/floors.json: package → the lowest version without a known hole. A closed registry
// cannot answer `npm audit`, so the floors are kept here and raised by hand.

import { readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "#scripts/project-root.ts";

interface LockEntry {
  version?: string;
  resolved?: string;
  integrity?: string;
  link?: boolean;
  /** Comes inside another package, whose checksum covers it. */
  inBundle?: boolean;
}

/** Packages below their floor, and entries that name a host or lack a checksum. */
export function checkLockfile(): string[] {
  const packages: Record<string, LockEntry> = read("package-lock.json").packages;
  const floors: Record<string, string> = read("security/floors.json").floors;
  const problems: string[] = [];
  for (const [where, entry] of Object.entries(packages)) {
    if (where === "" || entry.link || entry.inBundle) continue;
    const name = where.slice(where.lastIndexOf("node_modules/") + "node_modules/".length);
    if (entry.resolved)
      problems.push(`package-lock.json names a host for ${where}: install with omit-lockfile-registry-resolved`);
    if (!entry.integrity) problems.push(`package-lock.json has no checksum for ${where}`);
    const floor = floors[name];
    if (floor === undefined || entry.version === undefined) continue;
    if (isBelow(entry.version, floor))
      problems.push(`${where} is ${entry.version}, and the lowest safe version is ${floor}`);
  }
  return problems;
}

function read(file: string) {
  return JSON.parse(readFileSync(path.join(projectRoot, file), "utf8"));
}

// Compares major.minor.patch; a pre-release counts as the version it precedes only if the numbers are higher.
function isBelow(version: string, floor: string): boolean {
  const [a, b] = [version, floor].map((text) => text.split(/[-+]/)[0]?.split(".").map(Number) ?? []);
  for (let at = 0; at < 3; at++) {
    const difference = (a?.[at] ?? 0) - (b?.[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return version.includes("-") && !floor.includes("-");
}
