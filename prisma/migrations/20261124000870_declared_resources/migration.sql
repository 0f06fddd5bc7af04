-- Which declaration owns a resource, and what the resource was when the declaration was last applied: what differs from it
-- now was changed by hand.
CREATE TABLE "declared_resource" (
    "kind" TEXT NOT NULL,
    "resource_id" TEXT NOT NULL,
    "declaration" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "applied" JSONB NOT NULL,
    "applied_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "declared_resource_pkey" PRIMARY KEY ("kind", "resource_id")
);

CREATE INDEX "declared_resource_declaration_idx" ON "declared_resource"("declaration");

GRANT SELECT, INSERT, UPDATE, DELETE ON "declared_resource" TO turnpike_app;
