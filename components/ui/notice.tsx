import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "#components/ui/class-names.ts";

export type NoticeTone = "info" | "success" | "warning" | "danger";

const looks = {
  info: { icon: Info, box: "border-line bg-info-soft", sign: "text-info" },
  success: { icon: CircleCheck, box: "border-line bg-success-soft", sign: "text-success" },
  warning: { icon: TriangleAlert, box: "border-line bg-warning-soft", sign: "text-warning" },
  danger: { icon: CircleAlert, box: "border-line bg-danger-soft", sign: "text-danger" },
} as const;

/** A sentence or two that must not be overlooked; `danger` is announced at once. */
export function Notice({
  tone = "info",
  title,
  action,
  children,
  className,
}: {
  tone?: NoticeTone;
  title?: ReactNode;
  action?: ReactNode;
  children?: ReactNode;
  className?: string;
}) {
  const { icon: Icon, box, sign } = looks[tone];
  return (
    <div
      role={tone === "danger" ? "alert" : "status"}
      className={classNames("flex items-start gap-2.5 rounded-lg border px-3 py-2.5 text-sm", box, className)}
    >
      <Icon className={classNames("mt-0.5 size-4 shrink-0", sign)} aria-hidden />
      <div className="min-w-0 grow break-words">
        {title ? <p className="font-medium text-fg">{title}</p> : null}
        {children ? <div className="text-fg">{children}</div> : null}
      </div>
      {action}
    </div>
  );
}
