-- Canary rollouts: a revision that some nodes run first, what was seen of them, and what was decided. All of it is here,
-- so that any replica of the control plane can go on with it. Expand only.
ALTER TABLE "node"
  -- What the node's calls came to under each of its last revisions.
  ADD COLUMN "traffic" JSONB,
  -- Revisions it has rejected since a person last let it take canaries; with the second it takes none.
  ADD COLUMN "rejections" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "quarantined_at" TIMESTAMPTZ(3);

CREATE TABLE "rollout" (
  "id" TEXT NOT NULL,
  "revision" INTEGER NOT NULL,
  "baseline" INTEGER NOT NULL,
  "percent" DOUBLE PRECISION NOT NULL,
  "groups" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
  "gate" JSONB NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'running',
  "started_at" TIMESTAMPTZ(3) NOT NULL,
  "judged_since" TIMESTAMPTZ(3),
  "deadline_at" TIMESTAMPTZ(3) NOT NULL,
  "paused_at" TIMESTAMPTZ(3),
  "looked_at" TIMESTAMPTZ(3),
  "returned_at" TIMESTAMPTZ(3),
  "gone_since" TIMESTAMPTZ(3),
  "looks" INTEGER NOT NULL DEFAULT 0,
  "next_look_calls" INTEGER NOT NULL DEFAULT 0,
  "ended_at" TIMESTAMPTZ(3),
  "ended_by" INTEGER,
  "version" INTEGER NOT NULL DEFAULT 1,
  CONSTRAINT "rollout_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "rollout_state_check" CHECK ("state" IN ('running', 'paused', 'promoted', 'rolled_back')),
  CONSTRAINT "rollout_ended_check" CHECK (("ended_at" IS NULL) = ("state" IN ('running', 'paused')))
);
CREATE UNIQUE INDEX "rollout_revision_key" ON "rollout" ("revision");
-- One at a time.
CREATE UNIQUE INDEX "rollout_unfinished_key" ON "rollout" ((true)) WHERE "ended_at" IS NULL;

-- The nodes as they were when the rollout began: which take the canary, and what the others had served until then.
CREATE TABLE "rollout_node" (
  "rollout_id" TEXT NOT NULL,
  "node_id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "group" TEXT NOT NULL,
  "is_canary" BOOLEAN NOT NULL,
  "is_control" BOOLEAN NOT NULL,
  "traffic" JSONB,
  CONSTRAINT "rollout_node_pkey" PRIMARY KEY ("rollout_id", "node_id"),
  CONSTRAINT "rollout_node_rollout_id_fkey" FOREIGN KEY ("rollout_id") REFERENCES "rollout" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- The story: what happened, when, through whom, and the figures that caused it. Append-only.
CREATE TABLE "rollout_event" (
  "id" TEXT NOT NULL,
  "rollout_id" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "kind" TEXT NOT NULL,
  "actor_kind" TEXT NOT NULL,
  "actor_id" TEXT NOT NULL,
  "actor_name" TEXT NOT NULL,
  "detail" TEXT NOT NULL,
  "node_id" TEXT,
  "figures" JSONB,
  CONSTRAINT "rollout_event_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "rollout_event_rollout_id_fkey" FOREIGN KEY ("rollout_id") REFERENCES "rollout" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "rollout_event_rollout_id_id_idx" ON "rollout_event" ("rollout_id", "id");

GRANT SELECT, INSERT, UPDATE ON "rollout" TO turnpike_app;
GRANT SELECT, INSERT ON "rollout_node", "rollout_event" TO turnpike_app;
