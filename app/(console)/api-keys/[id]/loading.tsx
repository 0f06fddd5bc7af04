import { DetailSkeleton } from "#components/revisions/detail-skeleton.tsx";

/** The key to come. */
export default function ApiKeyLoading() {
  return <DetailSkeleton label="API key" cards={{ usage: "h-28 lg:col-span-2", facts: "h-72", snippets: "h-72" }} />;
}
