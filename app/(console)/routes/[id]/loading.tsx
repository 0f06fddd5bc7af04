import { DetailSkeleton } from "#components/revisions/detail-skeleton.tsx";

/** The route to come. */
export default function RouteLoading() {
  return (
    <DetailSkeleton
      label="route"
      cards={{ picture: "h-44 lg:col-span-2", versions: "h-36 lg:col-span-2", times: "h-56", callers: "h-56" }}
    />
  );
}
