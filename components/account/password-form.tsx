"use client";
import { z } from "zod";
import { FormInput } from "#components/forms/form-controls.tsx";
import { ResourceForm } from "#components/forms/resource-form.tsx";
import { useResourceForm } from "#components/forms/use-resource-form.ts";
import { TitledCard } from "#components/ui/card.tsx";
import { toast } from "#components/ui/toast.ts";
import { OwnPasswordInput } from "#lib/domain/me/schemas.ts";
import { PASSWORD_LENGTH_MIN } from "#lib/domain/user/schemas.ts";
import { useChangePassword } from "#lib/query/me.ts";

const Typed = OwnPasswordInput.extend({ repeated: z.string() }).refine(
  (typed) => typed.newPassword === typed.repeated,
  { path: ["repeated"], message: "This is not the same as above." },
);

const blank = { currentPassword: "", newPassword: "", repeated: "" };

/** Changes one's own password; other browsers are signed out. */
export function PasswordForm({ email }: { email: string }) {
  const change = useChangePassword();
  const state = useResourceForm({
    schema: Typed,
    defaultValues: blank,
    onSubmit: async ({ currentPassword, newPassword }) => {
      await change.mutateAsync({ currentPassword, newPassword });
      state.form.reset(blank);
      toast.success("The password is changed", { description: "Your other sessions are over." });
    },
  });
  return (
    <TitledCard title="Password" description="Changing it ends your sessions in other browsers.">
      <ResourceForm state={state} submitLabel="Change password" isGuarded={false} className="max-w-md gap-4">
        <input type="email" name="username" autoComplete="username" value={email} readOnly hidden />
        <FormInput
          state={state}
          name="currentPassword"
          label="Present password"
          isRequired
          input={{ type: "password", autoComplete: "current-password" }}
        />
        <FormInput
          state={state}
          name="newPassword"
          label="New password"
          isRequired
          hint={`At least ${PASSWORD_LENGTH_MIN} characters. A sentence is easier to remember than signs.`}
          input={{ type: "password", autoComplete: "new-password" }}
        />
        <FormInput
          state={state}
          name="repeated"
          label="New password once more"
          isRequired
          input={{ type: "password", autoComplete: "new-password" }}
        />
      </ResourceForm>
    </TitledCard>
  );
}
