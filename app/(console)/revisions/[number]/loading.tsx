import { DetailSkeleton } from "#components/revisions/detail-skeleton.tsx";

/** The revision to come. */
export default function RevisionLoading() {
  return <DetailSkeleton label="revision" cards={{ changes: "h-72", facts: "h-72" }} />;
}
