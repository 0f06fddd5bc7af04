import { DetailSkeleton } from "#components/revisions/detail-skeleton.tsx";

/** The group to come. */
export default function GroupLoading() {
  return <DetailSkeleton label="group" cards={{ load: "h-40", group: "h-40", policy: "h-40 lg:col-span-2" }} />;
}
