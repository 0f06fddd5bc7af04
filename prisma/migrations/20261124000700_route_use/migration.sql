-- Who calls which version of a route, how, and with which parameters: one row a day for each, written with the usage
-- events. What a deprecation, a retirement or a smaller version would hit is read here, never from single calls.
CREATE TABLE "route_use" (
  "day" DATE NOT NULL,
  "route" TEXT NOT NULL,
  "route_version" TEXT NOT NULL,
  "consumer_id" TEXT NOT NULL,
  "action" TEXT NOT NULL,
  "team_id" TEXT NOT NULL,
  "calls" BIGINT NOT NULL,
  "refused" BIGINT NOT NULL,
  "parameters" TEXT[] NOT NULL,
  "last_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "route_use_pkey" PRIMARY KEY ("day", "route", "route_version", "consumer_id", "action")
);
CREATE INDEX "route_use_route_day_idx" ON "route_use" ("route", "day");

GRANT SELECT, INSERT, UPDATE, DELETE ON "route_use" TO turnpike_app;
ALTER TABLE "route_use" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "route_use" FORCE ROW LEVEL SECURITY;
CREATE POLICY "own_team" ON "route_use"
  USING ((SELECT turnpike_reaches_all()) OR "team_id" = ANY ((SELECT turnpike_reached_teams())::text[]))
  WITH CHECK ((SELECT turnpike_reaches_all()) OR "team_id" = ANY ((SELECT turnpike_reached_teams())::text[]));
