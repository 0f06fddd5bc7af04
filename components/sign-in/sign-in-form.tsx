"use client";
import { Eye, EyeOff } from "lucide-react";
import { type FormEvent, useRef, useState, useSyncExternalStore } from "react";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { type SignInOutcome, signIn } from "#lib/query/session.ts";

type Failure = Exclude<SignInOutcome, "signedIn">;

/** One sentence each. The first says the same for a wrong password, an unknown account and a paused one. */
const sentences: Record<Failure, string> = {
  refused:
    "That e-mail and password do not open an account. After several wrong passwords an account is paused for up to 15 minutes.",
  tooMany: "Too many attempts from your address. Wait a minute, then try again.",
  unreachable: "The control plane did not answer. Try again in a moment.",
};

const never = () => () => {};

/** Until scripts run the form must not be sent: a plain submit would put the password into the address. */
function useIsReady(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}

/** E-mail and password. `target` is a path of this console, checked by the server. */
export function SignInForm({ target, initialFailure }: { target: string; initialFailure: Failure | null }) {
  const isReady = useIsReady();
  const [failure, setFailure] = useState(initialFailure);
  const [isPending, setPending] = useState(false);
  const password = useRef<HTMLInputElement>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isPending) return;
    const typed = new FormData(event.currentTarget);
    setPending(true);
    setFailure(null);
    const outcome = await signIn({ email: String(typed.get("email")), password: String(typed.get("password")) });
    // A full load, so that every page is rendered anew for who is signed in now; the button stays pending meanwhile.
    if (outcome === "signedIn") return window.location.assign(target);
    setPending(false);
    setFailure(outcome);
    password.current?.select();
  };
  return (
    <form method="post" onSubmit={submit} aria-busy={isPending || undefined} className="flex flex-col gap-4">
      {failure ? <Notice tone="danger">{sentences[failure]}</Notice> : null}
      <Field label="E-mail">
        {(control) => (
          <Input
            {...control}
            name="email"
            type="email"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            autoFocus
            className="h-10"
          />
        )}
      </Field>
      <Field label="Password">
        {(control) => (
          <PasswordInput {...control} name="password" autoComplete="current-password" required ref={password} />
        )}
      </Field>
      <Button
        type="submit"
        variant="primary"
        size="lg"
        isPending={isPending}
        disabled={!isReady}
        className={isReady ? "mt-1 h-10" : "mt-1 h-10 disabled:opacity-100"}
      >
        {isPending ? "Signing in…" : "Sign in"}
      </Button>
    </form>
  );
}

function PasswordInput(props: React.ComponentProps<"input">) {
  const [isShown, setShown] = useState(false);
  const Icon = isShown ? EyeOff : Eye;
  return (
    <div className="relative">
      <Input {...props} type={isShown ? "text" : "password"} className="h-10 pr-10" />
      <button
        type="button"
        aria-pressed={isShown}
        aria-label="Show the password"
        onClick={() => setShown(!isShown)}
        className="absolute top-1 right-1 grid size-8 place-items-center rounded-sm text-faint hover:bg-hover hover:text-fg"
      >
        <Icon className="size-4" aria-hidden />
      </button>
    </div>
  );
}
