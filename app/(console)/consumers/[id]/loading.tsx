import { DetailSkeleton } from "#components/revisions/detail-skeleton.tsx";

/** The consumer to come. */
export default function ConsumerLoading() {
  return <DetailSkeleton label="consumer" cards={{ usage: "h-28 lg:col-span-2", plan: "h-40", facts: "h-40" }} />;
}
