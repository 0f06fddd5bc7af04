import { ListPageSkeleton } from "#components/data-table/list-page-skeleton.tsx";

export default function Loading() {
  return (
    <ListPageSkeleton
      title="Teams"
      description="Who owns consumers. Developers see their own teams and no others."
      columns={["Name", "Consumers", "Members", "Created"]}
    />
  );
}
