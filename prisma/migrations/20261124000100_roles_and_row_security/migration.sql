-- Two database roles. The owner (whoever runs migrations) has the schema; the programs work as turnpike_app, which has
-- no DDL, may not change or delete a revision or an audit entry, and is held to row-level security. It does not log in:
-- a connection starts as the login of DATABASE_URL and sets the role as its own default.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'turnpike_app') THEN
    CREATE ROLE turnpike_app NOLOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL; -- another database of the same cluster is being migrated at this moment
END
$$;

DO $$
BEGIN
  IF NOT pg_has_role(current_user, 'turnpike_app', 'SET') THEN
    EXECUTE format('GRANT turnpike_app TO %I', current_user);
  END IF;
END
$$;

GRANT USAGE ON SCHEMA public TO turnpike_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON
  "installation", "sequence", "user", "session", "management_token", "team", "team_member", "consumer", "api_key",
  "directory_entry", "upstream", "credential", "plan", "route", "route_version", "target", "signing_key", "join_token",
  "node", "usage_spool", "usage_series", "usage_rollup", "idempotency_record" TO turnpike_app;
GRANT SELECT, INSERT ON "revision", "usage_event", "audit_entry", "audit_personal", "audit_seal" TO turnpike_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO turnpike_app;

-- Entries in the order in which they committed: the sealer takes those below the oldest transaction still running.
ALTER TABLE "audit_entry" ADD COLUMN "transaction_id" xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX "audit_entry_commit_order_idx" ON "audit_entry" ("transaction_id", "id");

-- A team is the tenant. Each transaction says whose rows it may touch: `turnpike.scope` = 'organisation', or a list of
-- team ids in `turnpike.teams`. Without either, nothing is visible.
CREATE FUNCTION turnpike_may_touch(team_id text) RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(current_setting('turnpike.scope', true), '') = 'organisation'
    OR team_id = ANY (string_to_array(coalesce(current_setting('turnpike.teams', true), ''), ','));

DO $$
DECLARE
  tenant record;
BEGIN
  FOR tenant IN
    SELECT * FROM (VALUES
      ('team', 'id'), ('team_member', 'team_id'), ('consumer', 'team_id'), ('api_key', 'team_id'),
      ('usage_event', 'team_id'), ('usage_series', 'team_id'), ('usage_rollup', 'team_id')
    ) AS t (table_name, team_column)
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant.table_name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant.table_name);
    EXECUTE format(
      'CREATE POLICY "own_team" ON %I USING (turnpike_may_touch(%I)) WITH CHECK (turnpike_may_touch(%I))',
      tenant.table_name, tenant.team_column, tenant.team_column);
  END LOOP;
END
$$;

-- The app role has no DDL, so the two acts on partitions are functions of the owner's.
CREATE FUNCTION turnpike_create_usage_days(first_day date, last_day date) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  wanted date := first_day;
  partition_name text;
  created integer := 0;
BEGIN
  IF last_day - first_day > 400 THEN
    RAISE EXCEPTION 'at most 400 days at once';
  END IF;
  WHILE wanted <= last_day LOOP
    partition_name := 'usage_event_' || to_char(wanted, 'YYYY_MM_DD');
    IF to_regclass(partition_name) IS NULL
       AND NOT EXISTS (SELECT FROM usage_event_default WHERE "day" = wanted) THEN
      EXECUTE format('CREATE TABLE %I PARTITION OF usage_event FOR VALUES FROM (%L) TO (%L)', partition_name, wanted, wanted + 1);
      created := created + 1;
    END IF;
    wanted := wanted + 1;
  END LOOP;
  RETURN created;
END
$$;

CREATE FUNCTION turnpike_drop_usage_days(before_day date) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  partition_name text;
  dropped integer := 0;
BEGIN
  FOR partition_name IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'usage_event'::regclass AND c.relname ~ '^usage_event_\d{4}_\d{2}_\d{2}$'
      AND to_date(right(c.relname, 10), 'YYYY_MM_DD') < before_day
  LOOP
    EXECUTE format('DROP TABLE %I', partition_name);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END
$$;

REVOKE ALL ON FUNCTION turnpike_create_usage_days(date, date), turnpike_drop_usage_days(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION turnpike_create_usage_days(date, date), turnpike_drop_usage_days(date) TO turnpike_app;
