import { DetailSkeleton } from "#components/revisions/detail-skeleton.tsx";

/** The team to come. */
export default function TeamLoading() {
  return <DetailSkeleton label="team" cards={{ usage: "h-28 lg:col-span-2", consumers: "h-64 lg:col-span-2" }} />;
}
