import { DetailSkeleton } from "#components/revisions/detail-skeleton.tsx";

/** The plan to come. */
export default function PlanLoading() {
  return <DetailSkeleton label="plan" cards={{ limits: "h-40", routes: "h-40", consumers: "h-48 lg:col-span-2" }} />;
}
