import { ListPageSkeleton } from "#components/data-table/list-page-skeleton.tsx";

export default function Loading() {
  return (
    <ListPageSkeleton
      title="API keys"
      description="The secrets that applications call the gateway with. A key belongs to a consumer and follows its plan."
      columns={["Name", "Consumer", "Key", "State", "Last used", "Expires"]}
    />
  );
}
