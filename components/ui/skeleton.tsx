import type { ComponentProps } from "react";
import { classNames } from "#components/ui/class-names.ts";

/** A grey box in the place and size of what is coming; say "loading" once on the region around it (`aria-busy`). */
export function Skeleton({ className, ...props }: ComponentProps<"span">) {
  return (
    <span aria-hidden className={classNames("block h-4 animate-shimmer rounded-sm bg-hover", className)} {...props} />
  );
}

/** Lines of text to come, the last one shorter. */
export function SkeletonText({ lines = 3, className }: { lines?: number; className?: string }) {
  return (
    <span className={classNames("flex flex-col gap-2", className)}>
      {Array.from({ length: lines }, (_, index) => `line-${index}`).map((key, index) => (
        <Skeleton key={key} className={index === lines - 1 ? "w-2/3" : "w-full"} />
      ))}
    </span>
  );
}
