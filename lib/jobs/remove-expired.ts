import type { Job } from "./job.ts";

const HOUR_MS = 3_600_000;
/** Twice what is promised, so that no clock's skew shortens it. */
const IDEMPOTENCY_HOURS = 48;
const NODE_EVENT_DAYS = 30;
const ROUTE_USE_DAYS = 180;
const SCALING_DECISION_DAYS = 30;
/** Kept of each group. */
const SCALING_DECISIONS_MAX = 10_000;
/** Kept of each node, so that one whose upstreams flap cannot fill the table. */
const NODE_EVENTS_MAX = 10_000;
/** Rows a statement may remove, so that none runs long. */
const BATCH = 5_000;

/** Forgets the remembered answers of POSTs after two days. */
export const removeIdempotencyRecords: Job = {
  name: "remove-idempotency-records",
  everyMs: HOUR_MS / 6,
  async run({ tx, now }) {
    const before = new Date(now().getTime() - IDEMPOTENCY_HOURS * HOUR_MS);
    const removed = await tx.$executeRaw`
      DELETE FROM idempotency_record WHERE key_sha256 IN (
        SELECT key_sha256 FROM idempotency_record WHERE created_at < ${before} LIMIT ${BATCH})`;
    return removed === BATCH ? "again" : "done";
  },
};

/** Forgets what changed in the health of upstreams after a month, and of each node all but the newest changes. */
export const removeNodeEvents: Job = {
  name: "remove-node-events",
  everyMs: HOUR_MS / 6,
  async run({ tx, now }) {
    const before = new Date(now().getTime() - NODE_EVENT_DAYS * 24 * HOUR_MS);
    const removed = await tx.$executeRaw`
      DELETE FROM node_event WHERE (node_id, id) IN (
        SELECT node_id, id FROM (
          SELECT node_id, id, received_at, row_number() OVER (PARTITION BY node_id ORDER BY id DESC) AS place FROM node_event
        ) ranked WHERE received_at < ${before} OR place > ${NODE_EVENTS_MAX} LIMIT ${BATCH})`;
    return removed === BATCH ? "again" : "done";
  },
};

/** Forgets how groups were scaled after a month, and of each group all but the newest decisions. */
export const removeScalingDecisions: Job = {
  name: "remove-scaling-decisions",
  everyMs: HOUR_MS,
  async run({ tx, now }) {
    const before = new Date(now().getTime() - SCALING_DECISION_DAYS * 24 * HOUR_MS);
    const removed = await tx.$executeRaw`
      DELETE FROM scaling_decision WHERE id IN (
        SELECT id FROM (
          SELECT id, at, state, row_number() OVER (PARTITION BY group_id ORDER BY id DESC) AS place FROM scaling_decision
        ) ranked WHERE state <> 'open' AND (at < ${before} OR place > ${SCALING_DECISIONS_MAX}) LIMIT ${BATCH})`;
    return removed === BATCH ? "again" : "done";
  },
};

/** Forgets which signed requests of nodes were taken, once they are too old to be taken at all. */
export const removeNodeRequests: Job = {
  name: "remove-node-requests",
  everyMs: 60_000,
  async run({ tx, now }) {
    const removed = await tx.$executeRaw`
      DELETE FROM node_request WHERE (node_id, jti) IN (
        SELECT node_id, jti FROM node_request WHERE expires_at < ${now()} LIMIT ${BATCH})`;
    return removed === BATCH ? "again" : "done";
  },
};

/** Forgets who called which version after half a year. */
export const removeRouteUse: Job = {
  name: "remove-route-use",
  everyMs: HOUR_MS,
  async run({ tx, now }) {
    const before = new Date(now().getTime() - ROUTE_USE_DAYS * 24 * HOUR_MS).toISOString().slice(0, 10);
    const removed = await tx.$executeRaw`
      DELETE FROM route_use WHERE ctid IN (SELECT ctid FROM route_use WHERE day < ${before}::date LIMIT ${BATCH})`;
    return removed === BATCH ? "again" : "done";
  },
};

/** Removes console sessions that have expired. */
export const removeSessions: Job = {
  name: "remove-sessions",
  everyMs: HOUR_MS / 6,
  async run({ tx, now }) {
    const removed = await tx.$executeRaw`
      DELETE FROM session WHERE id IN (SELECT id FROM session WHERE expires_at < ${now()} LIMIT ${BATCH})`;
    return removed === BATCH ? "again" : "done";
  },
};
