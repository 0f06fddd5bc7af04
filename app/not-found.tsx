import type { Metadata } from "next";
import Link from "next/link";
import { Logo } from "#components/layout/logo.tsx";
import { buttonClasses } from "#components/ui/button.tsx";

export const metadata: Metadata = { title: "Not found" };

/** No such page, outside the console's frame. */
export default function NotFound() {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-5 px-6 text-center">
      <Logo />
      <div>
        <h1 className="font-semibold text-xl tracking-tight">There is no such page</h1>
        <p className="mt-1 max-w-sm text-balance text-muted text-sm">
          The address may be mistyped, or what it pointed at was deleted.
        </p>
      </div>
      <Link href="/" className={buttonClasses({ variant: "primary" })}>
        To the console
      </Link>
    </main>
  );
}
