-- What nodes say of the health of what they call: what is not wholly in service now, and each change.
ALTER TABLE "node" ADD COLUMN "health" JSONB NOT NULL DEFAULT '[]';

CREATE TABLE "node_event" (
  "node_id" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "received_at" TIMESTAMPTZ(3) NOT NULL,
  "kind" TEXT NOT NULL,
  "upstream_id" TEXT NOT NULL,
  "target_id" TEXT,
  "credential_id" TEXT,
  "reason" TEXT NOT NULL,
  CONSTRAINT "node_event_pkey" PRIMARY KEY ("node_id", "id")
);
CREATE INDEX "node_event_upstream_id_id_idx" ON "node_event" ("upstream_id", "id" DESC);
CREATE INDEX "node_event_received_at_idx" ON "node_event" ("received_at");

-- Events are facts: the programs add them, read them, and remove the oldest.
GRANT SELECT, INSERT, DELETE ON "node_event" TO turnpike_app;
