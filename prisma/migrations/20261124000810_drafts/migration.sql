-- Who changed which field of the draft from what to what: one row a field, written in the transaction of the change and
-- bound to its audit entry, which says who, when and in which request. Append-only, like the audit.
CREATE TABLE "policy_change" (
  "entry_id" TEXT NOT NULL,
  "position" INTEGER NOT NULL,
  "resource" TEXT NOT NULL,
  "resource_id" TEXT NOT NULL,
  "resource_name" TEXT NOT NULL,
  "pointer" TEXT NOT NULL,
  "before" JSONB,
  "after" JSONB,
  CONSTRAINT "policy_change_pkey" PRIMARY KEY ("entry_id", "position")
);
CREATE INDEX "policy_change_resource_idx" ON "policy_change" ("resource", "resource_id", "entry_id" DESC, "position" DESC);
GRANT SELECT, INSERT ON "policy_change" TO turnpike_app;

-- Whether a draft needs another person's approval, and a counter of the changes to such rules (their ETag).
ALTER TABLE "installation" ADD COLUMN "approval_required" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "installation" ADD COLUMN "settings_version" INTEGER NOT NULL DEFAULT 1;

-- A request that another person look at exactly one content of the draft, and what they said.
CREATE TABLE "approval" (
  "id" TEXT NOT NULL,
  "base" INTEGER NOT NULL,
  "sha256" TEXT NOT NULL,
  "note" TEXT NOT NULL,
  "changes" JSONB NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'waiting',
  "person_id" TEXT NOT NULL,
  "requester_kind" TEXT NOT NULL,
  "requester_id" TEXT NOT NULL,
  "requester_name" TEXT NOT NULL,
  "requested_at" TIMESTAMPTZ(3) NOT NULL,
  "decider_id" TEXT,
  "decider_name" TEXT,
  "decision_note" TEXT,
  "decided_at" TIMESTAMPTZ(3),
  "revision" INTEGER,
  "version" INTEGER NOT NULL DEFAULT 1,
  CONSTRAINT "approval_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "approval_content_idx" ON "approval" ("base", "sha256");
GRANT SELECT, INSERT, UPDATE ON "approval" TO turnpike_app;

-- A publish at a time, of exactly one content of the draft. At most one waits.
CREATE TABLE "scheduled_publish" (
  "id" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "note" TEXT NOT NULL,
  "rollout" JSONB NOT NULL,
  "incompatible_because" TEXT,
  "base" INTEGER NOT NULL,
  "sha256" TEXT NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'waiting',
  "revision" INTEGER,
  "failure_code" TEXT,
  "failure_detail" TEXT,
  "author_kind" TEXT NOT NULL,
  "author_id" TEXT NOT NULL,
  "author_name" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "finished_at" TIMESTAMPTZ(3),
  "version" INTEGER NOT NULL DEFAULT 1,
  CONSTRAINT "scheduled_publish_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "scheduled_publish_waiting_key" ON "scheduled_publish" ("state") WHERE "state" = 'waiting';
GRANT SELECT, INSERT, UPDATE ON "scheduled_publish" TO turnpike_app;
