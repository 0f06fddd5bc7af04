"use client";
import { PasswordForm } from "#components/account/password-form.tsx";
import { MemberSessions } from "#components/members/member-sessions.tsx";
import { roleWords } from "#components/members/role-words.ts";
import { TitledCard } from "#components/ui/card.tsx";
import { KeyValueList } from "#components/ui/key-value-list.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { useViewer } from "#components/viewer/viewer.tsx";

/** The signed-in person's own account: who they are here, their password, their sessions. */
export function AccountClient() {
  const viewer = useViewer();
  return (
    <>
      <PageHeader title="Your account" description="How you sign in, and where you are signed in." />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <div className="flex flex-col gap-4">
          <TitledCard title={viewer.user?.name ?? viewer.actor.name}>
            <KeyValueList
              items={[
                { label: "E-mail", value: viewer.user?.email ?? viewer.actor.name },
                {
                  label: "Role",
                  value: viewer.role ? `${viewer.role}: ${roleWords[viewer.role]}` : "none: you may do nothing here",
                },
                { label: "Teams", value: viewer.teams.map(({ name }) => name).join(", ") || "none" },
                { label: "Organisation", value: viewer.organisation.name },
              ]}
            />
          </TitledCard>
          <PasswordForm email={viewer.user?.email ?? ""} />
        </div>
        <MemberSessions userId={viewer.actor.id} mayRevoke />
      </div>
    </>
  );
}
