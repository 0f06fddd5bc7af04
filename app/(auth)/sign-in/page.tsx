import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Logo } from "#components/layout/logo.tsx";
import { callbackPath } from "#components/sign-in/callback-path.ts";
import { Road } from "#components/sign-in/road.tsx";
import { SignInForm } from "#components/sign-in/sign-in-form.tsx";
import { currentSession } from "#lib/auth/require-session.ts";

export const metadata: Metadata = { title: "Sign in" };

type SearchParams = Promise<Record<string, string | string[] | undefined>>;

/** The way in. Somebody who is signed in already goes straight on. */
export default async function SignInPage({ searchParams }: { searchParams: SearchParams }) {
  const { callbackUrl, error } = await searchParams;
  const target = callbackPath(first(callbackUrl));
  if (await currentSession()) redirect(target);
  const kind = first(error);
  return (
    <main className="relative isolate flex min-h-dvh flex-col items-center justify-center overflow-hidden px-4 py-10">
      <Road />
      <div className="relative flex w-full max-w-[23rem] animate-fade-in flex-col gap-6 rounded-xl border border-line bg-surface p-7 shadow-pop">
        <div className="flex flex-col gap-5">
          <Logo />
          <div>
            <h1 className="font-semibold text-xl tracking-tight">Sign in to the console</h1>
            <p className="mt-0.5 text-muted text-sm">Keys, limits and routes of your AI gateway.</p>
          </div>
        </div>
        <SignInForm
          target={target}
          initialFailure={kind === undefined ? null : kind === "TooManyAttempts" ? "tooMany" : "refused"}
        />
        <p className="text-faint text-xs">No account, or locked out? Ask an owner or admin of your organisation.</p>
      </div>
    </main>
  );
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
