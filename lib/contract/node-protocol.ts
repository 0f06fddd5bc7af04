import { z } from "zod";
import { CREDENTIAL_KINDS } from "./credential-kind.ts";
import { DirectoryChange } from "./directory.ts";
import { DURATION_BINS } from "./latency-scale.ts";
import { Id, Timestamp } from "./names.ts";
import { HealthEntry, NodeEvent, REPORTED_EVENTS_MAX, REPORTED_HEALTH_MAX } from "./node-event.ts";
import { UsageEvent } from "./usage-event.ts";

/**
 * What a node and the control plane say to each other, under `/api/node/v1`.
 * A node signs every request after joining: `Authorization: Bearer <JWT>` with alg EdDSA, `iss` = node id,
 * `aud` = "turnpike-node-api", `iat`/`exp` (≤ 60 s), `jti`, `htm` (method), `htu` (path and query) and `bsh`
 * (base64url SHA-256 of the body), the claims of RFC 9449 with the body bound as well.
 */
export const NODE_API_AUDIENCE = "turnpike-node-api";
export const NODE_PROTOCOL_VERSION = 1;

/** An Ed25519 or X25519 public key (RFC 8037). */
export const PublicJwk = z.object({ kty: z.literal("OKP"), crv: z.enum(["Ed25519", "X25519"]), x: z.string().max(64) });
export type PublicJwk = z.infer<typeof PublicJwk>;

/**
 * POST /join. `joinToken` is `tpj_<secret>.<fingerprint>`: the node keeps the fingerprint (base64url SHA-256 of the
 * control plane's raw public key) to itself, sends only `tpj_<secret>`, and refuses an answer whose key does not match.
 */
export const JoinRequest = z.strictObject({
  protocolVersion: z.int().min(1),
  joinToken: z.string().max(200),
  name: z.string().min(1).max(120),
  version: z.string().max(40),
  signingKey: PublicJwk,
  sealingKey: PublicJwk,
});
export type JoinRequest = z.infer<typeof JoinRequest>;

export const JoinResponse = z.object({
  nodeId: Id,
  name: z.string(),
  group: z.string(),
  controlKey: PublicJwk,
  epoch: z.int(),
  /** The control plane's release. */
  version: z.string().max(60).optional(),
});
export type JoinResponse = z.infer<typeof JoinResponse>;

/** What the control plane signs (Ed25519 over its canonical JSON): the number binds the document's hash to its place. */
export const RevisionHeader = z.strictObject({
  epoch: z.int().min(1),
  number: z.int().min(1),
  parent: z.int().min(0),
  sha256: z.string().length(64),
});
export type RevisionHeader = z.infer<typeof RevisionHeader>;

/** A whole revision as sent and as kept on disk. `document` is the canonical JSON text that `sha256` was made of. */
export const SignedRevision = z.strictObject({
  encoding: z.literal("full"),
  header: RevisionHeader,
  signature: z.string(),
  document: z.string(),
});
export type SignedRevision = z.infer<typeof SignedRevision>;

/**
 * A revision as it travels to a node that asked for `packed=zstd`: its document compressed with zstd, base64, and where
 * the node holds an earlier one, with that one's text as the dictionary (`base`, its number and hash), which leaves only
 * what differs. The header's hash is of the whole result: what does not come out to it is asked for anew, whole.
 */
export const PackedRevision = z.strictObject({
  header: RevisionHeader,
  signature: z.string(),
  base: z.strictObject({ number: z.int().min(1), sha256: z.string().length(64) }).nullable(),
  zstd: z.string(),
});
export type PackedRevision = z.infer<typeof PackedRevision>;

/** What is sealed to a node (compact JWE, ECDH-ES to its X25519 key): every credential of every upstream it may use. */
export const CredentialBundle = z.strictObject({
  version: z.int().min(0),
  nodeId: Id,
  credentials: z.array(z.strictObject({ id: Id, upstreamId: Id, kind: z.enum(CREDENTIAL_KINDS), secret: z.string() })),
});
export type CredentialBundle = z.infer<typeof CredentialBundle>;

/**
 * GET /stream?epoch=&revision=&directory=&credentials= (what the node already has applied, 0 for nothing) answers with
 * server-sent events whose `data` is one of these; with `packed=zstd` also those that are packed. A comment every 2.5 s
 * keeps it open; a node that hears nothing for 8 s reconnects.
 */
export const StreamMessage = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("hello"),
    epoch: z.int(),
    serverTime: Timestamp,
    wantedRevision: z.int(),
    directoryHead: z.int(),
  }),
  z.strictObject({ kind: z.literal("revision"), revision: SignedRevision }),
  /** Changes in order. `reset`: forget the directory first (the control plane was restored). `head`: where the log ends now. */
  z.strictObject({
    kind: z.literal("directory"),
    reset: z.boolean(),
    changes: z.array(DirectoryChange),
    cursor: z.int(),
    head: z.int(),
  }),
  z.strictObject({ kind: z.literal("packedRevision"), revision: PackedRevision }),
  /** `directory` with its changes as a JSON array, compressed with zstd, base64. */
  z.strictObject({
    kind: z.literal("packedDirectory"),
    reset: z.boolean(),
    zstd: z.string(),
    cursor: z.int(),
    head: z.int(),
  }),
  z.strictObject({ kind: z.literal("credentials"), version: z.int(), sealed: z.string() }),
  z.strictObject({ kind: z.literal("command"), command: z.enum(["drain", "resume", "remove"]) }),
]);
export type StreamMessage = z.infer<typeof StreamMessage>;

export const Rejection = z.strictObject({
  revision: z.int().min(1),
  code: z.string().max(60),
  path: z.string().max(300),
  message: z.string().max(1_000),
});
export type Rejection = z.infer<typeof Rejection>;

export const Utilisation = z.strictObject({
  /** Of one core, 0–1 and above. */
  cpu: z.number().min(0),
  rssBytes: z.number().min(0),
  eventLoopDelayMs: z.number().min(0),
  inFlight: z.int().min(0),
  callsPerSecond: z.number().min(0),
  spoolEvents: z.int().min(0),
});
export type Utilisation = z.infer<typeof Utilisation>;

/**
 * How a node counts rate limits: by itself, with others in a store they share, or, while that is away, by its share among
 * so many `nodes` (null: the control plane has not said how many, and the whole is used).
 */
export const LimitsCounted = z.strictObject({
  by: z.enum(["node", "store", "share"]),
  nodes: z.int().min(1).nullable(),
});
export type LimitsCounted = z.infer<typeof LimitsCounted>;

const Calls = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/**
 * What the calls of known callers came to under one revision. A call whose caller went away counts nowhere. `durations`
 * are those of the calls that are `ok`: bins (`latency-scale.ts`) and how many calls fell into each, ascending.
 */
export const RevisionTraffic = z.strictObject({
  revision: z.int().min(1),
  ok: Calls,
  failed: Calls,
  refused: Calls,
  durations: z
    .array(
      z.tuple([
        z
          .int()
          .min(0)
          .max(DURATION_BINS - 1),
        Calls,
      ]),
    )
    .max(DURATION_BINS),
});
export type RevisionTraffic = z.infer<typeof RevisionTraffic>;

/** How many revisions a node tells of at most: the last ones it served under. */
export const REPORTED_REVISIONS_MAX = 4;

/** Sums since the node's process began, which `process` names: a report that is lost or comes twice changes nothing. */
export const NodeTraffic = z.strictObject({
  process: Id,
  revisions: z.array(RevisionTraffic).max(REPORTED_REVISIONS_MAX),
});
export type NodeTraffic = z.infer<typeof NodeTraffic>;

/** Under whom a node shares its port with others: a process of its machine, which starts and ends them. */
export const NodeSupervisor = z.strictObject({
  /** Of this run of it. */
  id: Id,
  /** As many nodes as it may run. */
  nodesMax: z.int().min(1).max(64),
});
export type NodeSupervisor = z.infer<typeof NodeSupervisor>;

/** What is wrong with a message of the stream that is of no known form; `path` is a JSON pointer into it. */
export const StreamProblem = z.strictObject({
  code: z.string().max(60),
  path: z.string().max(300),
  message: z.string().max(1_000),
});
export type StreamProblem = z.infer<typeof StreamProblem>;

/** POST /report: heartbeat, ACK/NACK and utilisation in one. It carries what is applied, never what was received. */
export const NodeReport = z.strictObject({
  version: z.string().max(40),
  state: z.enum(["starting", "serving", "draining"]),
  epoch: z.int().min(0),
  appliedRevision: z.int().min(0),
  rejected: Rejection.nullable(),
  directoryCursor: z.int().min(0),
  credentialVersion: z.int().min(0),
  /** The node's own clock, so that skew can be shown. */
  nodeTime: Timestamp,
  utilisation: Utilisation,
  /** What is not wholly in service; absent when everything is. */
  health: z.array(HealthEntry).max(REPORTED_HEALTH_MAX).optional(),
  /** What changed since the last report that was answered, oldest first; absent when nothing did. */
  events: z.array(NodeEvent).max(REPORTED_EVENTS_MAX).optional(),
  /** Absent: by the node itself. */
  limits: LimitsCounted.optional(),
  /** Absent until calls were served. */
  traffic: NodeTraffic.optional(),
  /** Absent: it has its port for itself. */
  supervisor: NodeSupervisor.optional(),
  /** Its supervisor is to start another node, which has no identity yet. */
  asksForJoinToken: z.literal(true).optional(),
  /** A message of the stream that this node could not read in the last minute: it takes nothing that lies behind it. */
  streamProblem: StreamProblem.optional(),
  /** It goes in order: nothing more is to be heard of it until it is started again. */
  isLast: z.literal(true).optional(),
});
export type NodeReport = z.infer<typeof NodeReport>;

export const ReportResponse = z.object({
  serverTime: Timestamp,
  wantedRevision: z.int(),
  /** When to report again at the latest. Absent: as often as a node does by itself. */
  nextReportMs: z.int().min(250).max(60_000).optional(),
  /** How many nodes of its group serve now, the one that reports included. */
  servingNodes: z.int().min(1).optional(),
  /** How many nodes its supervisor is to run; null: as many as it was started with. Absent: not told. */
  wantedNodes: z.int().min(1).nullable().optional(),
  /** For one more node under its supervisor: used once, within a minute. */
  joinToken: z.string().max(300).optional(),
  /** Where the directory ended when the report was taken: a node that has come so far was up to date then. */
  directoryHead: z.int().min(0).optional(),
  /** The epoch that the head belongs to. */
  epoch: z.int().min(1).optional(),
});
export type ReportResponse = z.infer<typeof ReportResponse>;

/**
 * POST /key: the node announces the key that it will sign with next, in a request signed with the one it has. `proof` is
 * the new key's signature over the canonical JSON of `{use: "turnpike-node-key", nodeId, x}`. Both keys are taken until the
 * first request that the new one signed; the same announcement again changes nothing.
 */
export const KeyAnnouncement = z.strictObject({ signingKey: PublicJwk, proof: z.string().max(200) });
export type KeyAnnouncement = z.infer<typeof KeyAnnouncement>;

/** POST /usage: events in the order of their sequence. Answered only after commit. */
export const UsageBatch = z.strictObject({
  /** Names one life of a spool directory; sequences count from 1 within it. */
  incarnation: Id,
  events: z.array(UsageEvent).min(1).max(1_000),
});
export type UsageBatch = z.infer<typeof UsageBatch>;

/** Everything up to `throughSequence` is committed: the node may delete it. */
export const UsageResponse = z.object({ throughSequence: z.int().min(0) });
export type UsageResponse = z.infer<typeof UsageResponse>;
