-- Node groups become things of their own, with what scales them and what was decided. `node.group` and
-- `join_token.group` go on naming one. A node that was removed keeps the name of its group, which may be gone: so there
-- is no foreign key but a trigger, which also makes the group that the release before this one still thinks of as a text.
CREATE TABLE "node_group" (
  "id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "description" TEXT NOT NULL DEFAULT '',
  "driver" JSONB NOT NULL DEFAULT '{"kind":"none"}',
  "sealed_secret" BYTEA,
  "scaling" JSONB,
  "version" INTEGER NOT NULL DEFAULT 1,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  -- What the scaler knows. None of it is a person's to change.
  "wanted_nodes" INTEGER,
  "last_up_at" TIMESTAMPTZ(3),
  "last_down_at" TIMESTAMPTZ(3),
  "low_since" TIMESTAMPTZ(3),
  "low_peak_nodes" INTEGER,
  "claimed_until" TIMESTAMPTZ(3),
  "observed" JSONB,
  CONSTRAINT "node_group_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "node_group_scaling_check" CHECK ("scaling" IS NULL OR "driver"->>'kind' <> 'none')
);
CREATE UNIQUE INDEX "node_group_name_key" ON "node_group" ("name");

INSERT INTO "node_group" ("id", "name", "description", "driver") VALUES
  ('ngr_default', 'default', 'Where nodes belong that no other group is named for.', '{"kind":"local"}');
INSERT INTO "node_group" ("id", "name")
  SELECT 'ngr_' || replace(gen_random_uuid()::text, '-', ''), "group"
  FROM (SELECT "group" FROM "node" UNION SELECT "group" FROM "join_token") AS named
  WHERE "group" <> 'default';

-- The lock keeps a group from being deleted while something that names it is on its way.
CREATE FUNCTION turnpike_know_node_group() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM "node_group" WHERE "name" = NEW."group" FOR KEY SHARE;
  IF NOT FOUND THEN
    INSERT INTO "node_group" ("id", "name")
      VALUES ('ngr_' || replace(gen_random_uuid()::text, '-', ''), NEW."group") ON CONFLICT ("name") DO NOTHING;
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER "node_group_known" BEFORE INSERT OR UPDATE OF "group" ON "node"
  FOR EACH ROW EXECUTE FUNCTION turnpike_know_node_group();
CREATE TRIGGER "join_token_group_known" BEFORE INSERT OR UPDATE OF "group" ON "join_token"
  FOR EACH ROW EXECUTE FUNCTION turnpike_know_node_group();

-- What the scaler decided, with the figures that caused it, and what became of it.
CREATE TABLE "scaling_decision" (
  "id" TEXT NOT NULL,
  "group_id" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "kind" TEXT NOT NULL,
  "from_nodes" INTEGER NOT NULL,
  "to_nodes" INTEGER NOT NULL,
  "reason" TEXT NOT NULL,
  "figures" JSONB NOT NULL,
  "state" TEXT NOT NULL,
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "next_attempt_at" TIMESTAMPTZ(3),
  "error" TEXT,
  "done_at" TIMESTAMPTZ(3),
  CONSTRAINT "scaling_decision_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "scaling_decision_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "node_group" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "scaling_decision_kind_check" CHECK ("kind" IN ('up', 'down', 'held')),
  CONSTRAINT "scaling_decision_state_check" CHECK ("state" IN ('open', 'done', 'failed', 'replaced', 'none'))
);
CREATE INDEX "scaling_decision_group_id_id_idx" ON "scaling_decision" ("group_id", "id" DESC);

-- A node's last report says that it goes in order; and which supervisor it shares its port under.
ALTER TABLE "node" ADD COLUMN "stopped_at" TIMESTAMPTZ(3), ADD COLUMN "supervisor" JSONB;

GRANT SELECT, INSERT, UPDATE, DELETE ON "node_group", "scaling_decision" TO turnpike_app;
