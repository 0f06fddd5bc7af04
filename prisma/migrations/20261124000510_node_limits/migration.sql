-- How a node counts rate limits, as it last reported: null is by itself.
ALTER TABLE "node" ADD COLUMN "limits" JSONB;
