-- Join tokens that serve more than once, keys of nodes that change, and what is known of how a node stands. Expand only:
-- every new column has a default, so that the release before runs beside this one.
ALTER TABLE "join_token"
  ADD COLUMN "uses_max" INTEGER NOT NULL DEFAULT 1,
  ADD COLUMN "uses" INTEGER NOT NULL DEFAULT 0;
UPDATE "join_token" SET "uses" = 1 WHERE "used_at" IS NOT NULL;

ALTER TABLE "node"
  ADD COLUMN "join_token_id" TEXT,
  ADD COLUMN "next_signing_key" JSONB,
  ADD COLUMN "previous_signing_key" JSONB,
  ADD COLUMN "previous_key_until" TIMESTAMPTZ(3),
  ADD COLUMN "key_changed_at" TIMESTAMPTZ(3),
  ADD COLUMN "fresh_at" TIMESTAMPTZ(3),
  ADD COLUMN "refused" JSONB,
  ADD COLUMN "not_understood" JSONB NOT NULL DEFAULT '[]';

-- Which signed requests were taken: none is taken twice, whichever replica it comes to.
CREATE TABLE "node_request" (
  "jti" TEXT NOT NULL,
  "node_id" TEXT NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "node_request_pkey" PRIMARY KEY ("node_id", "jti")
);
CREATE INDEX "node_request_expires_at_idx" ON "node_request" ("expires_at");
GRANT SELECT, INSERT, DELETE ON "node_request" TO turnpike_app;

-- How long a node that has lost the control plane may go on serving calls of a plan; null: as long as it lives.
ALTER TABLE "plan" ADD COLUMN "max_stale_seconds" INTEGER;
