-- What a node enforces beyond the first release's policies. Every column has a default that means "as before".
ALTER TABLE "upstream"
  ADD COLUMN "options" JSONB NOT NULL DEFAULT '{}',
  ADD COLUMN "health" JSONB NOT NULL DEFAULT '{}',
  ADD COLUMN "rate_limits" JSONB NOT NULL DEFAULT '[]';

ALTER TABLE "route"
  ADD COLUMN "kind" TEXT NOT NULL DEFAULT 'model',
  ADD COLUMN "rate_limits" JSONB NOT NULL DEFAULT '[]';

ALTER TABLE "route_version"
  ADD COLUMN "hash_by" TEXT NOT NULL DEFAULT 'user',
  ADD COLUMN "on_not_carried" TEXT NOT NULL DEFAULT 'refuse',
  ADD COLUMN "cache" JSONB,
  ADD COLUMN "guardrails" JSONB NOT NULL DEFAULT '[]',
  ADD COLUMN "brownouts" JSONB NOT NULL DEFAULT '[]',
  ADD COLUMN "http" JSONB;

ALTER TABLE "usage_event" ADD COLUMN "cache_write_tokens" BIGINT NOT NULL DEFAULT 0;
