import { sha256Hex } from "../../contract/canonical.ts";

/** A node that may take the canary. */
export interface Candidate {
  id: string;
  group: string;
}

/**
 * Which nodes take the canary and which they are compared with. The order is a hash of the revision's number and the
 * node's id, so that anybody can work it out, and no node takes every risk. A share is rounded up, and below 100 % at
 * least one node of the groups stays out of it. The others of the groups are the control; with all of them taken, the
 * nodes of every other group.
 */
export function chooseCanary(
  candidates: readonly Candidate[],
  { revision, percent, groups }: { revision: number; percent: number; groups: readonly string[] },
): { canary: string[]; control: string[] } {
  const isNamed = (node: Candidate) => groups.length === 0 || groups.includes(node.group);
  const named = candidates.filter(isNamed).toSorted((a, b) => (place(revision, a) < place(revision, b) ? -1 : 1));
  const share = Math.ceil((percent * named.length) / 100);
  const count = percent >= 100 ? named.length : Math.min(share, Math.max(1, named.length - 1));
  const canary = named.slice(0, count).map(({ id }) => id);
  const left = named.slice(count);
  const control = left.length > 0 ? left : candidates.filter((node) => !isNamed(node));
  return { canary, control: control.map(({ id }) => id) };
}

function place(revision: number, { id }: Candidate): string {
  return sha256Hex(`${revision}:${id}`);
}
