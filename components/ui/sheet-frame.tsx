"use client";
import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import { classNames } from "#components/ui/class-names.ts";
import type { SheetProps } from "#components/ui/sheet.tsx";

const widths = { sm: "w-72", md: "w-[30rem]", lg: "w-[46rem]" } as const;

/** The panel itself, loaded by `Sheet` when it first opens. */
export default function SheetFrame({
  isOpen,
  onOpenChange,
  title,
  description,
  footer,
  side = "right",
  size = "md",
  onClosed,
  children,
}: SheetProps & { onClosed: () => void }) {
  return (
    <Primitive.Root open={isOpen} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-fade-in bg-overlay" />
        <Primitive.Content
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            onClosed();
          }}
          {...(description ? {} : { "aria-describedby": undefined })}
          className={classNames(
            "fixed inset-y-0 z-50 flex max-w-[calc(100vw-1.5rem)] flex-col bg-raised shadow-pop outline-none",
            side === "right" ? "right-0 animate-slide-right" : "left-0 animate-slide-left",
            widths[size],
          )}
        >
          <header className="flex items-start justify-between gap-4 border-line border-b px-5 py-3.5">
            <div className="min-w-0">
              <Primitive.Title className="break-words font-semibold text-lg">{title}</Primitive.Title>
              {description ? (
                <Primitive.Description className="text-muted text-sm">{description}</Primitive.Description>
              ) : null}
            </div>
            <Primitive.Close
              aria-label="Close"
              className="-mr-1.5 grid size-7 shrink-0 place-items-center rounded-md text-faint hover:bg-hover hover:text-fg"
            >
              <X className="size-4" aria-hidden />
            </Primitive.Close>
          </header>
          <div className="min-h-0 grow overflow-y-auto px-5 py-4">{children}</div>
          {footer ? (
            <footer className="flex flex-wrap items-center justify-end gap-2 border-line border-t bg-subtle px-5 py-3">
              {footer}
            </footer>
          ) : null}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
