import { ListPageSkeleton } from "#components/data-table/list-page-skeleton.tsx";

export default function Loading() {
  return (
    <ListPageSkeleton
      title="Management tokens"
      description="Secrets for scripts and pipelines that call the management API. Not for calling models."
      columns={["Name", "Role", "Token", "State", "Last used", "Expires"]}
    />
  );
}
