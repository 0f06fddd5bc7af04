-- What a provider's model costs here, whatever the package's price list says. Part of the draft, like every policy table.
CREATE TABLE "price_override" (
  "id" TEXT NOT NULL,
  "provider" TEXT NOT NULL,
  "model" TEXT NOT NULL,
  "price" JSONB NOT NULL,
  "version" INTEGER NOT NULL DEFAULT 1,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "price_override_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "price_override_provider_model_key" ON "price_override" ("provider", "model");
GRANT SELECT, INSERT, UPDATE, DELETE ON "price_override" TO turnpike_app;
