import type { Utilisation } from "../../../contract/node-protocol.ts";
import type { ScalingFigures } from "../schemas.ts";

/** What whoever runs a group's nodes says of them. */
export interface DriverFindings {
  /** How many there are to be by what was last asked for, those that are still starting included. */
  readonly nodes: number;
  /** The most that there can be, whatever the policy says. */
  readonly nodesMax: number | null;
  /** Reports of the nodes that it runs and that serve. */
  readonly reports: readonly Utilisation[];
  /** Of the local driver: whom it scales. */
  readonly supervisor: string | null;
}

/** One change of size that the driver is to carry out. The same id again is the same change. */
export interface ScaleOrder {
  readonly decisionId: string;
  readonly group: { readonly id: string; readonly name: string };
  readonly fromNodes: number;
  readonly toNodes: number;
  readonly reason: string;
  readonly sentence: string;
  readonly figures: ScalingFigures;
  readonly attempt: number;
  /** With fewer nodes: those that go. They are drained once the driver has taken the order. */
  readonly leaving: readonly { readonly id: string; readonly name: string }[];
}

/** Who starts and ends the nodes of a group. Both take no longer than a few seconds, and throw `DriverFailed`. */
export interface ScalingDriver {
  list(): Promise<DriverFindings>;
  /** Asks for a number of nodes, which may be there already. */
  scale(order: ScaleOrder): Promise<void>;
}

/** A driver that could not do what it was asked. The message is for people and holds no secret. */
export class DriverFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = "DriverFailed";
  }
}
