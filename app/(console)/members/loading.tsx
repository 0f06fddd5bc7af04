import { ListPageSkeleton } from "#components/data-table/list-page-skeleton.tsx";

export default function Loading() {
  return (
    <ListPageSkeleton
      title="Members"
      description="People who may sign in to this console, and what their role lets them do."
      columns={["Name", "E-mail", "Role", "Teams", "State", "Last sign-in"]}
    />
  );
}
