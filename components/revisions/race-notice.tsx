"use client";
import type { Baseline } from "#components/revisions/use-baseline.ts";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";

/** Somebody else changed the thing while its form was open: says so, and offers to start from what it is now. */
export function RaceNotice<T>({ baseline, noun }: { baseline: Baseline<T>; noun: string }) {
  if (!baseline.isOutdated) return null;
  return (
    <Notice
      tone="warning"
      className="mb-4"
      title={`Somebody else changed this ${noun} while you were editing`}
      action={
        <Button size="sm" onClick={baseline.renew}>
          Load what it is now
        </Button>
      }
    >
      Saving would be refused, so that their change is not lost. What you typed here is given up when you load theirs.
    </Notice>
  );
}
