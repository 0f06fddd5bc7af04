"use client";
import { Pencil, Plus } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { RowMenu } from "#components/data-table/row-menu.tsx";
import { HistoryButton } from "#components/draft/history-sheet.tsx";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { DraftNotice } from "#components/revisions/draft-notice.tsx";
import { DeleteRoute } from "#components/routes/delete-route.tsx";
import { RouteDetail } from "#components/routes/route-detail.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { RouteView } from "#lib/domain/route/schemas.ts";
import { useRoute } from "#lib/query/routes.ts";
import RouteLoading from "./loading.tsx";
import { routePageParsers } from "./search-params.ts";

const CopyVersion = dynamic(() => import("#components/routes/edit-version.tsx").then((module) => module.CopyVersion));
const EditVersion = dynamic(() => import("#components/routes/edit-version.tsx").then((module) => module.EditVersion));
const RenameRoute = dynamic(() => import("#components/routes/rename-route.tsx").then((module) => module.RenameRoute));

/** One route, or the form of one of its versions. */
export function RouteClient({ id }: { id: string }) {
  const query = useRoute(id);
  if (query.data) return <LoadedRoute route={query.data} />;
  const error = queryErrorState(query);
  return error ? (
    <Card>
      <ErrorState {...error} />
    </Card>
  ) : (
    <RouteLoading />
  );
}

function LoadedRoute({ route }: { route: RouteView }) {
  const mayWrite = useMay("route.write");
  const [state, setState] = useQueryStates(routePageParsers);
  const version =
    route.versions.find((candidate) => candidate.version === state.version) ??
    route.versions.find((candidate) => candidate.version === route.defaultVersion) ??
    route.versions[0];
  const copied = mayWrite ? route.versions.find((candidate) => candidate.version === state.copy) : undefined;
  const isEditing = mayWrite && state.edit;
  const show = (number: string) => void setState({ version: number, edit: null, copy: null });
  const copy = (number: string) => void setState({ copy: number, edit: null }, { scroll: true });
  const close = () => void setState({ edit: null, copy: null });
  if (!version) return null;
  const title = copied
    ? `New version of ${route.name}`
    : isEditing
      ? `Edit ${route.name}@${version.version}`
      : route.name;
  return (
    <>
      <RouteHeader
        route={route}
        title={title}
        description={copied ? `A copy of ${copied.version} to start with.` : isEditing ? undefined : route.description}
        onEdit={mayWrite && !copied && !isEditing ? () => void setState({ edit: true }) : null}
        onCopy={() => copy(version.version)}
      />
      <DraftNotice resource="route" id={route.id} />
      {copied ? (
        <CopyVersion key={copied.id} route={route} from={copied} onClose={close} onCreated={show} />
      ) : isEditing ? (
        <EditVersion key={version.id} route={route} version={version} onClose={close} />
      ) : (
        <RouteDetail route={route} version={version} onShow={show} onCopy={copy} />
      )}
    </>
  );
}

function RouteHeader({
  route,
  title,
  description,
  onEdit,
  onCopy,
}: {
  route: RouteView;
  title: string;
  description: string | undefined;
  /** Null where nothing may be changed, or a form is open. */
  onEdit: (() => void) | null;
  onCopy: () => void;
}) {
  const router = useRouter();
  const [open, setOpen] = useState<"rename" | "delete" | null>(null);
  return (
    <>
      <PageHeader
        breadcrumb={
          <Link href="/routes" prefetch={false} className="hover:underline">
            Routes
          </Link>
        }
        title={title}
        description={description}
        actions={
          <>
            {title === route.name ? (
              <HistoryButton subject={{ resource: "route", id: route.id }} name={route.name} />
            ) : null}
            {onEdit ? (
              <>
                <Button onClick={onCopy}>
                  <Plus aria-hidden />
                  New version
                </Button>
                <Button variant="primary" onClick={onEdit}>
                  <Pencil aria-hidden />
                  Edit version
                </Button>
                <RowMenu
                  label="More actions"
                  actions={[
                    { label: "Name and limits…", onSelect: () => setOpen("rename") },
                    { label: "Delete route…", isDestructive: true, onSelect: () => setOpen("delete") },
                  ]}
                />
              </>
            ) : null}
          </>
        }
      />
      {open === "rename" ? <RenameRoute route={route} isOpen onClose={() => setOpen(null)} /> : null}
      <DeleteRoute
        route={open === "delete" ? route : null}
        onClose={() => setOpen(null)}
        onDeleted={() => router.push("/routes")}
      />
    </>
  );
}
