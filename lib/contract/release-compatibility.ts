/** How the release of a node stands to the control plane's. */
export type ReleaseStanding = "same" | "one_minor_older" | "one_minor_newer" | "not_supported";

const RELEASE = /^(\d{1,6})\.(\d{1,6})\.\d{1,6}(?:[-+][0-9A-Za-z.+-]{1,60})?$/;

/**
 * A node works with a control plane of the same major number whose minor number is at most one away, in both directions:
 * a rollout may begin at either end. Everything else, and what is no semantic version, is not supported.
 */
export function releaseStanding(node: string, control: string): ReleaseStanding {
  const [own, other] = [RELEASE.exec(node), RELEASE.exec(control)];
  if (own === null || other === null || own[1] !== other[1]) return "not_supported";
  const ahead = Number(own[2]) - Number(other[2]);
  if (ahead === 0) return "same";
  if (ahead === 1) return "one_minor_newer";
  return ahead === -1 ? "one_minor_older" : "not_supported";
}
