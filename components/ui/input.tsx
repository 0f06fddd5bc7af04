import type { ComponentProps, ReactNode } from "react";
import { classNames } from "#components/ui/class-names.ts";

/** The frame every text control shares. */
export const controlClasses =
  "w-full rounded-md border border-control bg-surface px-2.5 text-sm text-fg transition-colors duration-100 hover:border-muted focus-visible:border-accent-text focus-visible:outline-offset-0 disabled:cursor-not-allowed disabled:bg-subtle disabled:text-muted aria-invalid:border-danger-mark";

export function Input({ className, type = "text", ...props }: ComponentProps<"input">) {
  return (
    <input type={type} className={classNames(controlClasses, "h-8 [&[readonly]]:bg-subtle", className)} {...props} />
  );
}

export function Textarea({ className, rows = 4, ...props }: ComponentProps<"textarea">) {
  return (
    <textarea
      rows={rows}
      className={classNames(controlClasses, "min-h-16 py-1.5 [&[readonly]]:bg-subtle", className)}
      {...props}
    />
  );
}

/** An input with a fixed word or sign before or after it ("$", "per minute"); the sign is part of the label. */
export function InputWithAffix({
  prefix,
  suffix,
  className,
  ...props
}: Omit<ComponentProps<"input">, "prefix"> & { prefix?: ReactNode; suffix?: ReactNode }) {
  return (
    <div className="flex h-8 w-full items-center rounded-md border border-control bg-surface text-sm transition-colors focus-within:border-accent-text focus-within:outline-2 focus-within:outline-accent-text hover:border-muted has-[[aria-invalid=true]]:border-danger-mark">
      {prefix ? <span className="pl-2.5 text-muted">{prefix}</span> : null}
      <input
        className={classNames(
          "num h-full w-full min-w-0 bg-transparent px-2.5 outline-none focus-visible:outline-none",
          className,
        )}
        {...props}
      />
      {suffix ? <span className="whitespace-nowrap pr-2.5 text-muted">{suffix}</span> : null}
    </div>
  );
}
