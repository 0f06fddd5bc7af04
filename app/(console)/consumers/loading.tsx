import { ListPageSkeleton } from "#components/data-table/list-page-skeleton.tsx";

export default function Loading() {
  return (
    <ListPageSkeleton
      title="Consumers"
      description="Applications that call the gateway, each with its team, plan and keys."
      columns={["Name", "Team", "Plan", "Keys", "State", "Created"]}
    />
  );
}
