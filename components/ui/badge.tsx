import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps, ReactNode } from "react";
import { classNames } from "#components/ui/class-names.ts";

const badgeClasses = cva(
  "inline-flex max-w-full items-center gap-1 whitespace-nowrap rounded-sm px-1.5 py-0.5 font-medium text-2xs [&_svg]:size-3",
  {
    variants: {
      tone: {
        neutral: "bg-hover text-muted",
        accent: "bg-accent-soft text-accent-text",
        success: "bg-success-soft text-success",
        warning: "bg-warning-soft text-warning",
        danger: "bg-danger-soft text-danger",
        info: "bg-info-soft text-info",
      },
    },
    defaultVariants: { tone: "neutral" },
  },
);

export type Tone = "neutral" | "accent" | "success" | "warning" | "danger" | "info";

/** A word in a box: a kind, a role, a version. */
export function Badge({ tone, className, ...props }: ComponentProps<"span"> & VariantProps<typeof badgeClasses>) {
  return <span className={classNames(badgeClasses({ tone }), className)} {...props} />;
}

const dots = {
  neutral: "border-2 border-faint",
  accent: "bg-accent-text",
  success: "bg-success-mark",
  warning: "bg-warning-mark [clip-path:polygon(50%_0,100%_100%,0_100%)] rounded-none",
  danger: "bg-danger-mark rounded-none rotate-45 scale-90",
  info: "bg-info",
} as const satisfies Record<Tone, string>;

/** A state in words with a mark whose shape differs by tone (ring, disc, triangle, diamond), not its colour alone. */
export function StatusDot({
  tone = "neutral",
  children,
  className,
}: {
  tone?: Tone;
  children: ReactNode;
  className?: string;
}) {
  return (
    <span className={classNames("inline-flex items-center gap-1.5 whitespace-nowrap text-sm", className)}>
      <span className={classNames("size-2 shrink-0 rounded-full", dots[tone])} aria-hidden />
      {children}
    </span>
  );
}
