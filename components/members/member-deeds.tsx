"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import type { RowAction } from "#components/data-table/column.ts";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import { useMay, useViewer } from "#components/viewer/viewer.tsx";
import { mayGrant } from "#lib/contract/permissions.ts";
import type { UserView } from "#lib/domain/user/schemas.ts";
import { useDeleteUser, useResetPassword, useUpdateUser } from "#lib/query/users.ts";

const EditMemberDialog = dynamic(() => import("./edit-member-dialog.tsx").then((module) => module.EditMemberDialog), {
  ssr: false,
});
const InitialPassword = dynamic(() => import("./initial-password.tsx").then((module) => module.InitialPassword), {
  ssr: false,
});

export type MemberDeed = "edit" | "disable" | "reset" | "delete";

/** Whether the viewer may change this person: by permission, and never somebody above their own role. */
export function useMayChange(): (user: UserView) => boolean {
  const viewer = useViewer();
  const mayWrite = useMay("user.write");
  return (user) => mayWrite && viewer.role !== null && mayGrant(viewer.role, user.role);
}

/** What may be done to a person, as a menu; nobody locks themselves out from here. */
export function memberActions(
  user: UserView,
  viewerId: string,
  { onDeed, onEnable }: { onDeed: (deed: MemberDeed) => void; onEnable: () => void },
): RowAction[] {
  const edit: RowAction = { label: "Edit", onSelect: () => onDeed("edit") };
  if (user.id === viewerId) return [edit];
  return [
    edit,
    { label: "Reset password", onSelect: () => onDeed("reset") },
    user.disabled
      ? { label: "Enable", onSelect: onEnable }
      : { label: "Disable", onSelect: () => onDeed("disable"), isDestructive: true },
    { label: "Delete", onSelect: () => onDeed("delete"), isDestructive: true },
  ];
}

/** Lets a disabled person sign in again, and says how it went. */
export function useEnableMember(): (user: UserView) => Promise<void> {
  const { mutateAsync } = useUpdateUser();
  return async (user) => {
    try {
      await mutateAsync({ user, patch: { disabled: false } });
      toast.success(`${user.name} may sign in again`);
    } catch (error) {
      toast.error(`${user.name} is still disabled`, { description: describeProblem(error) });
    }
  };
}

/** The dialog of the deed that was chosen. */
export function MemberDeedDialog({
  deed,
  user,
  onClose,
  onDeleted,
}: {
  deed: MemberDeed;
  user: UserView;
  onClose: () => void;
  onDeleted?: () => void;
}) {
  if (deed === "edit") return <EditMemberDialog user={user} onClose={onClose} />;
  if (deed === "reset") return <ResetPasswordDialog user={user} onClose={onClose} />;
  if (deed === "disable") return <DisableDialog user={user} onClose={onClose} />;
  return <DeleteDialog user={user} onClose={onClose} {...(onDeleted ? { onDeleted } : {})} />;
}

function DisableDialog({ user, onClose }: { user: UserView; onClose: () => void }) {
  const update = useUpdateUser();
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={onClose}
      title={`Disable ${user.name}?`}
      consequence={`Every session of ${user.email} ends at once, and signing in is refused until they are enabled again. Their teams, consumers and keys stay.`}
      confirmLabel="Disable member"
      describeError={describeProblem}
      onConfirm={async () => {
        await update.mutateAsync({ user, patch: { disabled: true } });
        toast.success(`${user.name} is disabled`);
      }}
    />
  );
}

function DeleteDialog({ user, onClose, onDeleted }: { user: UserView; onClose: () => void; onDeleted?: () => void }) {
  const remove = useDeleteUser();
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={onClose}
      title={`Delete ${user.name}?`}
      consequence={`${user.email} is gone for good and signed out everywhere. What they did stays in the audit; keys they issued go on working.`}
      confirmLabel="Delete member"
      nameToType={user.email}
      describeError={describeProblem}
      onConfirm={async () => {
        await remove.mutateAsync(user);
        toast.success(`${user.name} is deleted`);
        onDeleted?.();
      }}
    />
  );
}

function ResetPasswordDialog({ user, onClose }: { user: UserView; onClose: () => void }) {
  const reset = useResetPassword();
  const [password, setPassword] = useState<string | null>(null);
  if (password !== null) {
    return (
      <InitialPassword
        title={`${user.name} has a new password`}
        email={user.email}
        password={password}
        onClose={onClose}
      />
    );
  }
  return (
    <ConfirmDialog
      isOpen
      // Confirming ends with the dialog closing itself; the password then takes its place.
      onOpenChange={() => !reset.isSuccess && !reset.isPending && onClose()}
      title={`Reset the password of ${user.name}?`}
      consequence="Their password stops working and every session of theirs ends. The new one is shown once."
      confirmLabel="Reset password"
      describeError={describeProblem}
      onConfirm={async () => {
        const { initialPassword } = await reset.mutateAsync(user);
        setPassword(initialPassword);
      }}
    />
  );
}
