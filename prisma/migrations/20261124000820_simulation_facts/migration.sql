-- What a call said that policy goes by (lib/contract/usage-event.ts, AskedFacts) with its known parameters. Null for calls
-- recorded before: a simulation takes them with what they have.
ALTER TABLE "usage_event" ADD COLUMN "asked" JSONB;
