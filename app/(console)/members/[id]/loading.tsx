import { DetailSkeleton } from "#components/revisions/detail-skeleton.tsx";

/** The person to come. */
export default function MemberLoading() {
  return <DetailSkeleton label="member" cards={{ facts: "h-64", sessions: "h-64" }} />;
}
