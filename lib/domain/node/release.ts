import packageJson from "../../../package.json" with { type: "json" };
import { NODE_PROTOCOL_VERSION } from "../../contract/node-protocol.ts";
import { releaseStanding } from "../../contract/release-compatibility.ts";
import { DomainError } from "../errors.ts";

/** The release of this control plane. */
export const RELEASE = packageJson.version;

/** Whether a node of this release works with this control plane; says why not. */
export function releaseProblem(version: string, protocolVersion = NODE_PROTOCOL_VERSION): string | null {
  if (protocolVersion !== NODE_PROTOCOL_VERSION) {
    return `The node speaks protocol ${protocolVersion}, this control plane ${NODE_PROTOCOL_VERSION}.`;
  }
  if (releaseStanding(version, RELEASE) !== "not_supported") return null;
  return `The node is of release "${version}", this control plane of ${RELEASE}: one minor number apart is the most.`;
}

/** Throws 409 `version_not_supported` for a node whose release does not work with this control plane. */
export function requireRelease({ version, protocolVersion }: { version: string; protocolVersion?: number }): void {
  const problem = releaseProblem(version, protocolVersion);
  if (problem !== null) throw new DomainError("version_not_supported", problem);
}
