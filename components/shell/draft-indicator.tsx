"use client";
import Link from "next/link";
import { classNames } from "#components/ui/class-names.ts";
import { useDraft } from "#lib/query/draft.ts";

const askAgainMs = 20_000;

/** In the top bar while the draft differs from what nodes run: how many changes wait, and whether they can be published. */
export function DraftIndicator() {
  const { data } = useDraft({ refetchInterval: askAgainMs });
  if (!data || data.changes.length === 0) return null;
  const count = data.changes.length;
  const words = count === 1 ? "1 change" : `${count} changes`;
  return (
    <Link
      href="/revisions"
      prefetch={false}
      aria-label={`${words} in the draft${data.valid ? "" : ", with problems"}`}
      className={classNames(
        "flex h-7 items-center gap-1.5 whitespace-nowrap rounded-md px-2 font-medium text-xs hover:brightness-95",
        data.valid ? "bg-warning-soft text-warning" : "bg-danger-soft text-danger",
      )}
    >
      <span
        aria-hidden
        className={classNames("size-1.5", data.valid ? "rounded-full bg-warning-mark" : "rotate-45 bg-danger-mark")}
      />
      <span>
        {words}
        <span className="max-sm:hidden"> in the draft</span>
      </span>
    </Link>
  );
}
