import { DetailSkeleton } from "#components/revisions/detail-skeleton.tsx";

/** The upstream to come. */
export default function UpstreamLoading() {
  return <DetailSkeleton label="upstream" cards={{ address: "h-80", credentials: "h-48" }} />;
}
