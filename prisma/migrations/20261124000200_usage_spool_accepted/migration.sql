-- How many different events of a spool are committed. What `through_sequence` has passed without committing is missing:
-- the node lost it (a damaged segment), or this database was restored from before it.
ALTER TABLE "usage_spool" ADD COLUMN "accepted_events" BIGINT NOT NULL DEFAULT 0;
