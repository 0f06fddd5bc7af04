"use client";
import { Pencil } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { RowMenu } from "#components/data-table/row-menu.tsx";
import {
  type MemberDeed,
  MemberDeedDialog,
  memberActions,
  useEnableMember,
  useMayChange,
} from "#components/members/member-deeds.tsx";
import { MemberSessions } from "#components/members/member-sessions.tsx";
import { MemberState } from "#components/members/member-state.tsx";
import { roleWords } from "#components/members/role-words.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { TitledCard } from "#components/ui/card.tsx";
import { KeyValueList } from "#components/ui/key-value-list.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { RelativeTime, Timestamp } from "#components/ui/relative-time.tsx";
import { useMay, useViewer } from "#components/viewer/viewer.tsx";
import type { UserView } from "#lib/domain/user/schemas.ts";

/** One person: role, teams, where they are signed in, and what can be done to their account. */
export function MemberDetail({ user }: { user: UserView }) {
  const router = useRouter();
  const viewer = useViewer();
  const mayChange = useMayChange()(user);
  const mayReadAudit = useMay("audit.read");
  const enable = useEnableMember();
  const [deed, setDeed] = useState<MemberDeed | null>(null);
  const actions = memberActions(user, viewer.actor.id, { onDeed: setDeed, onEnable: () => void enable(user) });
  return (
    <>
      <PageHeader
        breadcrumb={
          <Link href="/members" prefetch={false} className="hover:underline">
            Members
          </Link>
        }
        title={user.name}
        status={<MemberState user={user} />}
        actions={
          mayChange ? (
            <>
              <Button onClick={() => setDeed("edit")}>
                <Pencil aria-hidden />
                Edit
              </Button>
              <RowMenu label="More" actions={actions.filter((action) => action.label !== "Edit")} />
            </>
          ) : null
        }
      />
      <div className="flex flex-col gap-4">
        {user.disabledAt ? (
          <Notice tone="warning">
            Disabled <RelativeTime at={user.disabledAt} />: signing in is refused.
          </Notice>
        ) : null}
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <TitledCard
            title="About"
            actions={
              mayReadAudit ? (
                <Link
                  href={`/audit?actorId=${user.id}`}
                  prefetch={false}
                  className="text-accent-text text-sm hover:underline"
                >
                  What they did
                </Link>
              ) : null
            }
          >
            <MemberFacts user={user} />
          </TitledCard>
          <MemberSessions userId={user.id} mayRevoke={mayChange} />
        </div>
      </div>
      {deed ? (
        <MemberDeedDialog
          deed={deed}
          user={user}
          onClose={() => setDeed(null)}
          onDeleted={() => router.replace("/members")}
        />
      ) : null}
    </>
  );
}

function MemberFacts({ user }: { user: UserView }) {
  return (
    <KeyValueList
      items={[
        { label: "E-mail", value: user.email },
        {
          label: "Role",
          value: (
            <>
              <Badge tone={user.role === "owner" ? "accent" : "neutral"}>{user.role}</Badge>
              <span className="mt-1 block text-muted text-xs">{roleWords[user.role]}</span>
            </>
          ),
        },
        {
          label: "Teams",
          value:
            user.teams.length === 0
              ? "none"
              : user.teams.map(({ id, name }) => (
                  <Link
                    key={id}
                    href={`/teams/${id}`}
                    prefetch={false}
                    className="mr-3 text-accent-text hover:underline"
                  >
                    {name}
                  </Link>
                )),
        },
        { label: "Last sign-in", value: <RelativeTime at={user.lastSignInAt} /> },
        { label: "Added", value: <Timestamp at={user.createdAt} /> },
      ]}
    />
  );
}
