"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { setRateLimits } from "#components/plans/rate-limit-values.ts";
import { useSavedToDraft } from "#components/revisions/use-saved-to-draft.ts";
import { NewRouteForm } from "#components/routes/new-route-form.tsx";
import { servingBody } from "#components/routes/version-form-values.ts";
import { PageHeader } from "#components/ui/page-header.tsx";
import { useCreateRoute } from "#lib/query/routes.ts";

/** Makes a route in the draft. */
export function NewRouteClient() {
  const router = useRouter();
  const create = useCreateRoute();
  const saved = useSavedToDraft();
  return (
    <>
      <PageHeader
        breadcrumb={
          <Link href="/routes" prefetch={false} className="hover:underline">
            Routes
          </Link>
        }
        title="New route"
        description="It is made in the draft. Callers can use it once it is published."
      />
      <NewRouteForm
        onCancel={() => router.push("/routes")}
        onSubmit={async (values) => {
          const { kind, name, description, version } = values;
          const head = { kind, name, description, version, rateLimits: setRateLimits(values.rateLimits) };
          const route = await create.mutateAsync({ ...head, ...servingBody(values) });
          saved(`The route “${route.name}” is new.`);
          router.push(`/routes/${route.id}`);
        }}
      />
    </>
  );
}
