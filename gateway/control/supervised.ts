import { ToNode, type ToSupervisor } from "#gateway/local-messages.ts";
import type { NodeReport, NodeSupervisor, ReportResponse } from "#lib/contract/node-protocol.ts";

/** The other end of a node: the process that started it and owns the port. */
export interface SupervisorChannel {
  send(message: ToSupervisor): void;
  onMessage(listener: (message: unknown) => void): void;
}

/**
 * Carries between the control plane and the supervisor of this machine's nodes: the node's reports say whose it is, and
 * the answers how many nodes are wanted and, when the supervisor has asked, with what another one joins.
 */
export class Supervised {
  private readonly supervisor: NodeSupervisor;
  private readonly channel: SupervisorChannel;
  /** The supervisor waits for a join token; a report is on its way that asks for one. */
  private isAsked = false;
  private isAsking = false;

  /** `reportNow`: the next report has something to ask. */
  constructor({ channel, id, nodesMax }: NodeSupervisor & { channel: SupervisorChannel }, reportNow: () => void) {
    this.supervisor = { id, nodesMax };
    this.channel = channel;
    channel.onMessage((message) => {
      if (!ToNode.safeParse(message).success) return;
      this.isAsked = true;
      reportNow();
    });
  }

  /** What the next report says of it. */
  reported(): Pick<NodeReport, "supervisor" | "asksForJoinToken"> {
    this.isAsking = this.isAsked;
    return { supervisor: this.supervisor, ...(this.isAsking ? { asksForJoinToken: true } : {}) };
  }

  /** The answer to the report that `reported` was called for: one is under way at a time. */
  taken(answer: ReportResponse): void {
    if (answer.wantedNodes !== undefined) this.channel.send({ kind: "wanted", nodes: answer.wantedNodes });
    if (!this.isAsking) return;
    this.isAsking = false;
    this.isAsked = false;
    this.channel.send({ kind: "joinToken", token: answer.joinToken ?? null });
  }
}

/** The way to the supervisor from a process that node:cluster started. */
export function channelOf(child: NodeJS.Process): SupervisorChannel {
  return {
    send: (message) => {
      // A supervisor that is gone hears nothing; its end ends this process too.
      if (child.connected) child.send?.(message, undefined, undefined, () => {});
    },
    onMessage: (listener) => void child.on("message", listener),
  };
}
