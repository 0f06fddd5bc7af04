"use client";
import { Pencil, Plus, Trash2 } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ConsumerTable } from "#components/consumers/consumer-table.tsx";
import { useTableState } from "#components/data-table/use-table-state.ts";
import { TeamMembers } from "#components/teams/team-members.tsx";
import { Button } from "#components/ui/button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { UsageGlance } from "#components/usage-glance/usage-glance.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { TeamView } from "#lib/domain/team/schemas.ts";

const TeamNameDialog = dynamic(() => import("./team-dialogs.tsx").then((module) => module.TeamNameDialog), {
  ssr: false,
});
const DeleteTeamDialog = dynamic(() => import("./team-dialogs.tsx").then((module) => module.DeleteTeamDialog), {
  ssr: false,
});
const ConsumerDialog = dynamic(
  () => import("#components/consumers/consumer-dialog.tsx").then((module) => module.ConsumerDialog),
  { ssr: false },
);

const hiddenColumns = ["team"];

/** One team: what it used, its consumers, its members. */
export function TeamDetail({ team }: { team: TeamView }) {
  const router = useRouter();
  const table = useTableState({ prefix: "consumers" });
  const mayWrite = useMay("team.write");
  const mayAdd = useMay("consumer.write");
  const mayReadUsers = useMay("user.read");
  const [deed, setDeed] = useState<"rename" | "delete" | "addConsumer" | null>(null);
  const close = () => setDeed(null);
  const addButton = mayAdd ? (
    <Button variant="primary" onClick={() => setDeed("addConsumer")}>
      <Plus aria-hidden />
      Add consumer
    </Button>
  ) : null;
  return (
    <>
      <PageHeader
        breadcrumb={
          <Link href="/teams" prefetch={false} className="hover:underline">
            Teams
          </Link>
        }
        title={team.name}
        actions={
          mayWrite ? (
            <>
              <Button onClick={() => setDeed("rename")}>
                <Pencil aria-hidden />
                Rename
              </Button>
              <Button variant="danger-outline" onClick={() => setDeed("delete")}>
                <Trash2 aria-hidden />
                Delete
              </Button>
            </>
          ) : null
        }
      />
      <div className="flex flex-col gap-4">
        <UsageGlance of={{ teamId: team.id }} filter={`teamId=${team.id}`} />
        <section className="flex flex-col gap-2">
          <header className="mt-2 flex items-center justify-between gap-4">
            <h2 className="font-semibold text-base">Consumers</h2>
            {team.consumers > 0 ? addButton : null}
          </header>
          <ConsumerTable
            state={table}
            query={{ q: table.search, cursor: table.cursor, teamId: team.id, planId: null }}
            hiddenColumns={hiddenColumns}
            createButton={addButton}
            isFiltered={false}
            onClearFilters={() => table.setSearchText("")}
          />
        </section>
        {mayReadUsers ? <TeamMembers team={team} /> : null}
      </div>
      {deed === "rename" ? <TeamNameDialog team={team} onClose={close} /> : null}
      {deed === "delete" ? (
        <DeleteTeamDialog team={team} onClose={close} onDeleted={() => router.replace("/teams")} />
      ) : null}
      {deed === "addConsumer" ? <ConsumerDialog team={team} onClose={close} /> : null}
    </>
  );
}
