-- The first schema. Generated from schema.prisma, then given what Prisma cannot model: partitions.
-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "installation" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "name" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL DEFAULT 1,
    "timezone" TEXT NOT NULL DEFAULT 'UTC',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "installation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sequence" (
    "name" TEXT NOT NULL,
    "value" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "sequence_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "user" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "password_hash" TEXT,
    "failed_sign_ins" INTEGER NOT NULL DEFAULT 0,
    "locked_until" TIMESTAMPTZ(3),
    "disabled_at" TIMESTAMPTZ(3),
    "last_sign_in_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "address" TEXT,
    "user_agent" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "management_token" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "last4" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "created_by" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "management_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "team" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "team_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "team_member" (
    "team_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,

    CONSTRAINT "team_member_pkey" PRIMARY KEY ("team_id","user_id")
);

-- CreateTable
CREATE TABLE "consumer" (
    "id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "plan_id" TEXT NOT NULL,
    "suspended_reason" TEXT,
    "suspended_at" TIMESTAMPTZ(3),
    "min_revision" INTEGER NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "consumer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" TEXT NOT NULL,
    "consumer_id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "last4" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "routes" JSONB,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "created_by" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "directory_entry" (
    "kind" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "body" JSONB,

    CONSTRAINT "directory_entry_pkey" PRIMARY KEY ("kind","id")
);

-- CreateTable
CREATE TABLE "upstream" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "base_url" TEXT NOT NULL,
    "allow_private_network" BOOLEAN NOT NULL DEFAULT false,
    "timeouts" JSONB NOT NULL DEFAULT '{}',
    "is_demo" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "upstream_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credential" (
    "id" TEXT NOT NULL,
    "upstream_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "sealed_secret" BYTEA NOT NULL,
    "last4" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "credential_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "plan" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "rate_limits" JSONB NOT NULL,
    "routes" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "plan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "route" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "default_version" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "route_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "route_version" (
    "id" TEXT NOT NULL,
    "route_id" TEXT NOT NULL,
    "number" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'active',
    "deprecated_at" TIMESTAMPTZ(3),
    "sunset_at" TIMESTAMPTZ(3),
    "successor" TEXT,
    "strategy" TEXT NOT NULL,
    "retry" JSONB NOT NULL,
    "timeouts" JSONB NOT NULL DEFAULT '{}',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "route_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "target" (
    "id" TEXT NOT NULL,
    "route_version_id" TEXT NOT NULL,
    "upstream_id" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "weight" INTEGER NOT NULL DEFAULT 1,
    "priority" INTEGER NOT NULL DEFAULT 0,
    "position" INTEGER NOT NULL,

    CONSTRAINT "target_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "revision" (
    "number" INTEGER NOT NULL,
    "epoch" INTEGER NOT NULL,
    "parent" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "document" TEXT NOT NULL,
    "signature" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "rolled_back_to" INTEGER,
    "note" TEXT NOT NULL,
    "author_id" TEXT NOT NULL,
    "author_name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "revision_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "signing_key" (
    "id" TEXT NOT NULL,
    "public_key" JSONB NOT NULL,
    "sealed_key" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "signing_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "join_token" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "group" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "node_id" TEXT,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "join_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "node" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "group" TEXT NOT NULL,
    "software_version" TEXT NOT NULL,
    "signing_key" JSONB NOT NULL,
    "sealing_key" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'starting',
    "is_draining" BOOLEAN NOT NULL DEFAULT false,
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "applied_revision" INTEGER NOT NULL DEFAULT 0,
    "rejected" JSONB,
    "rejected_revisions" INTEGER[] DEFAULT ARRAY[]::INTEGER[],
    "directory_cursor" BIGINT NOT NULL DEFAULT 0,
    "credential_version" INTEGER NOT NULL DEFAULT 0,
    "utilisation" JSONB,
    "clock_skew_ms" INTEGER,
    "joined_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "node_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "usage_spool" (
    "node_id" TEXT NOT NULL,
    "incarnation" TEXT NOT NULL,
    "through_sequence" BIGINT NOT NULL DEFAULT 0,
    "last_event_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "usage_spool_pkey" PRIMARY KEY ("node_id","incarnation")
);

-- CreateTable
CREATE TABLE "usage_event" (
    "day" DATE NOT NULL,
    "node_id" TEXT NOT NULL,
    "incarnation" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "id" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" DOUBLE PRECISION NOT NULL,
    "first_byte_ms" DOUBLE PRECISION,
    "team_id" TEXT,
    "consumer_id" TEXT,
    "api_key_id" TEXT,
    "end_user" TEXT,
    "source_address" TEXT NOT NULL,
    "user_agent" TEXT,
    "action" TEXT NOT NULL,
    "requested_model" TEXT,
    "route" TEXT,
    "route_version" TEXT,
    "target_id" TEXT,
    "upstream_id" TEXT,
    "provider" TEXT,
    "model" TEXT,
    "revision" INTEGER NOT NULL,
    "status" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL,
    "error_code" TEXT,
    "stream" BOOLEAN NOT NULL,
    "attempts" INTEGER NOT NULL,
    "cache" TEXT NOT NULL,
    "input_tokens" BIGINT NOT NULL,
    "cached_input_tokens" BIGINT NOT NULL,
    "output_tokens" BIGINT NOT NULL,
    "reasoning_tokens" BIGINT NOT NULL,
    "usage_source" TEXT NOT NULL,
    "cost_nanos" BIGINT,
    "price_version" TEXT,
    "decision" JSONB NOT NULL,

    CONSTRAINT "usage_event_pkey" PRIMARY KEY ("day","node_id","incarnation","sequence")
) PARTITION BY RANGE ("day");

-- CreateTable
CREATE TABLE "usage_series" (
    "id" BIGSERIAL NOT NULL,
    "team_id" TEXT NOT NULL,
    "consumer_id" TEXT NOT NULL,
    "api_key_id" TEXT NOT NULL,
    "route" TEXT NOT NULL,
    "route_version" TEXT NOT NULL,
    "upstream_id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "node_id" TEXT NOT NULL,
    "status" INTEGER NOT NULL,
    "cache" TEXT NOT NULL,

    CONSTRAINT "usage_series_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "usage_rollup" (
    "grain" TEXT NOT NULL,
    "bucket" TIMESTAMPTZ(3) NOT NULL,
    "series_id" BIGINT NOT NULL,
    "team_id" TEXT NOT NULL,
    "requests" BIGINT NOT NULL,
    "errors" BIGINT NOT NULL,
    "input_tokens" BIGINT NOT NULL,
    "cached_input_tokens" BIGINT NOT NULL,
    "output_tokens" BIGINT NOT NULL,
    "reasoning_tokens" BIGINT NOT NULL,
    "cost_nanos" BIGINT NOT NULL,
    "unpriced_requests" BIGINT NOT NULL,
    "duration_ms_sum" BIGINT NOT NULL,
    "first_byte_ms_sum" BIGINT NOT NULL,
    "first_byte_count" BIGINT NOT NULL,
    "latency_bins" BIGINT[],
    "first_byte_bins" BIGINT[],

    CONSTRAINT "usage_rollup_pkey" PRIMARY KEY ("grain","bucket","series_id")
) PARTITION BY LIST ("grain");

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "resource" TEXT NOT NULL,
    "resource_id" TEXT NOT NULL,
    "resource_name" TEXT NOT NULL,
    "team_id" TEXT,
    "request_id" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,
    "personal_sha256" TEXT NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_personal" (
    "entry_id" TEXT NOT NULL,
    "salt" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,
    "address" TEXT,
    "user_agent" TEXT,

    CONSTRAINT "audit_personal_pkey" PRIMARY KEY ("entry_id")
);

-- CreateTable
CREATE TABLE "audit_seal" (
    "sequence" BIGINT NOT NULL,
    "entry_id" TEXT NOT NULL,
    "previous_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "sealed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_seal_pkey" PRIMARY KEY ("sequence")
);

-- CreateTable
CREATE TABLE "idempotency_record" (
    "key_sha256" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "body_sha256" TEXT NOT NULL,
    "status" INTEGER NOT NULL,
    "response" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_record_pkey" PRIMARY KEY ("key_sha256")
);

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

-- CreateIndex
CREATE INDEX "session_user_id_idx" ON "session"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "management_token_sha256_key" ON "management_token"("sha256");

-- CreateIndex
CREATE UNIQUE INDEX "team_name_key" ON "team"("name");

-- CreateIndex
CREATE INDEX "team_member_user_id_idx" ON "team_member"("user_id");

-- CreateIndex
CREATE INDEX "consumer_plan_id_idx" ON "consumer"("plan_id");

-- CreateIndex
CREATE UNIQUE INDEX "consumer_team_id_name_key" ON "consumer"("team_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_sha256_key" ON "api_key"("sha256");

-- CreateIndex
CREATE INDEX "api_key_consumer_id_idx" ON "api_key"("consumer_id");

-- CreateIndex
CREATE INDEX "api_key_team_id_idx" ON "api_key"("team_id");

-- CreateIndex
CREATE UNIQUE INDEX "directory_entry_sequence_key" ON "directory_entry"("sequence");

-- CreateIndex
CREATE UNIQUE INDEX "upstream_name_key" ON "upstream"("name");

-- CreateIndex
CREATE INDEX "credential_upstream_id_idx" ON "credential"("upstream_id");

-- CreateIndex
CREATE UNIQUE INDEX "plan_name_key" ON "plan"("name");

-- CreateIndex
CREATE UNIQUE INDEX "route_name_key" ON "route"("name");

-- CreateIndex
CREATE UNIQUE INDEX "route_version_route_id_number_key" ON "route_version"("route_id", "number");

-- CreateIndex
CREATE INDEX "target_route_version_id_idx" ON "target"("route_version_id");

-- CreateIndex
CREATE INDEX "target_upstream_id_idx" ON "target"("upstream_id");

-- CreateIndex
CREATE UNIQUE INDEX "join_token_sha256_key" ON "join_token"("sha256");

-- CreateIndex
CREATE INDEX "usage_event_started_at_id_idx" ON "usage_event"("started_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "usage_event_id_idx" ON "usage_event"("id");

-- CreateIndex
CREATE INDEX "usage_event_consumer_id_started_at_idx" ON "usage_event"("consumer_id", "started_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "usage_series_dimensions_key" ON "usage_series"("team_id", "consumer_id", "api_key_id", "route", "route_version", "upstream_id", "provider", "model", "node_id", "status", "cache");

-- CreateIndex
CREATE INDEX "audit_entry_at_id_idx" ON "audit_entry"("at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "audit_entry_resource_resource_id_idx" ON "audit_entry"("resource", "resource_id");

-- CreateIndex
CREATE INDEX "audit_entry_actor_id_idx" ON "audit_entry"("actor_id");

-- CreateIndex
CREATE UNIQUE INDEX "audit_seal_entry_id_key" ON "audit_seal"("entry_id");

-- CreateIndex
CREATE INDEX "idempotency_record_created_at_idx" ON "idempotency_record"("created_at");

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_member" ADD CONSTRAINT "team_member_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_member" ADD CONSTRAINT "team_member_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consumer" ADD CONSTRAINT "consumer_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_consumer_id_fkey" FOREIGN KEY ("consumer_id") REFERENCES "consumer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "route_version" ADD CONSTRAINT "route_version_route_id_fkey" FOREIGN KEY ("route_id") REFERENCES "route"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "target" ADD CONSTRAINT "target_route_version_id_fkey" FOREIGN KEY ("route_version_id") REFERENCES "route_version"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- Raw calls by day. Days are created ahead and dropped by retention (see the functions in the next migration);
-- the default partition takes what no day covers, so that a late event is never refused.
CREATE TABLE "usage_event_default" PARTITION OF "usage_event" DEFAULT;

-- Sums by grain: each grain has its own retention and its own size.
CREATE TABLE "usage_rollup_minute" PARTITION OF "usage_rollup" FOR VALUES IN ('minute');
CREATE TABLE "usage_rollup_hour" PARTITION OF "usage_rollup" FOR VALUES IN ('hour');
CREATE TABLE "usage_rollup_day" PARTITION OF "usage_rollup" FOR VALUES IN ('day');

ALTER TABLE "revision" ADD CONSTRAINT "revision_number_follows_parent" CHECK ("number" > "parent");
ALTER TABLE "target" ADD CONSTRAINT "target_weight_not_negative" CHECK ("weight" >= 0);
ALTER TABLE "usage_event" ADD CONSTRAINT "usage_event_counts_not_negative"
  CHECK ("input_tokens" >= 0 AND "output_tokens" >= 0 AND "cached_input_tokens" >= 0 AND "reasoning_tokens" >= 0 AND "cost_nanos" >= 0);

INSERT INTO "sequence" ("name") VALUES ('revision'), ('directory'), ('credential');
