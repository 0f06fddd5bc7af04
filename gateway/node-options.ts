import type { BlockList } from "node:net";
import type { NodeSupervisor } from "#lib/contract/node-protocol.ts";
import type { NodeIdentity } from "./control/identity.ts";
import type { SupervisorChannel } from "./control/supervised.ts";
import type { Log } from "./log.ts";
import type { Stage } from "./pipeline/parts.ts";
import type { TlsOptions } from "./server/tls-listening.ts";

/** What a node is started with. */
export interface NodeOptions {
  readonly identity: NodeIdentity;
  readonly nodeDirectory: string;
  readonly version: string;
  readonly host: string;
  readonly port: number;
  readonly statusHost: string;
  readonly statusPort: number;
  readonly log: Log;
  /** The control plane wants this node gone: told after its files are removed. */
  readonly onRemoved: () => void;
  /** How long to wait for a snapshot and a directory before calls are taken. Default: not at all. */
  readonly readyWaitMs?: number;
  /** Under whom it shares its port with other nodes of this machine. */
  readonly supervisor?: NodeSupervisor & { readonly channel: SupervisorChannel };
  readonly reportEveryMs?: number;
  /** How long the node signs with one key. */
  readonly keyLifeMs?: number;
  readonly spoolBytesMax?: number;
  /** How much the answers take that are kept to be served again. */
  readonly cacheBytesMax?: number;
  /** The Valkey or Redis in which nodes count rate limits together. Holds a password: never logged. */
  readonly sharedStoreUrl?: string;
  readonly sharedStoreDeadlineMs?: number;
  /** Where the certificate is; without it calls are taken without TLS. */
  readonly tls?: TlsOptions;
  /** Proxies whose `x-forwarded-for` is believed. */
  readonly trustedProxies?: BlockList;
  /** How long a stage without a deadline of its own may take to decide. */
  readonly stageDeadlineMs?: number;
  /** For tests: other stages than the product's. */
  readonly stages?: readonly Stage[];
}
