"use client";
import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import { classNames } from "#components/ui/class-names.ts";
import type { DialogProps } from "#components/ui/dialog.tsx";

const widths = { sm: "max-w-md", md: "max-w-lg", lg: "max-w-2xl", xl: "max-w-4xl" } as const;

/** The dialog itself, loaded by `Dialog` when it first opens. */
export default function DialogFrame({
  isOpen,
  onOpenChange,
  title,
  description,
  footer,
  size = "md",
  isDismissable = true,
  onClosed,
  children,
}: DialogProps & { onClosed: () => void }) {
  const refuse = (event: Event) => {
    if (!isDismissable) event.preventDefault();
  };
  return (
    <Primitive.Root open={isOpen} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-fade-in bg-overlay" />
        <Primitive.Content
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            onClosed();
          }}
          onEscapeKeyDown={refuse}
          onInteractOutside={refuse}
          {...(description ? {} : { "aria-describedby": undefined })}
          className={classNames(
            "fixed inset-x-0 top-[10vh] z-50 mx-auto flex max-h-[80vh] w-[calc(100vw-2rem)] animate-pop-in flex-col rounded-xl bg-raised shadow-pop outline-none",
            widths[size],
          )}
        >
          <header className="px-5 pt-4 pb-3">
            <div className={classNames("min-w-0", isDismissable && "pr-8")}>
              <Primitive.Title className="font-semibold text-lg">{title}</Primitive.Title>
              {description ? (
                <Primitive.Description className="mt-0.5 text-muted text-sm">{description}</Primitive.Description>
              ) : null}
            </div>
          </header>
          {children ? <div className="min-h-0 overflow-y-auto px-5 pt-1 pb-4">{children}</div> : null}
          {footer ? (
            <footer className="flex flex-wrap items-center justify-end gap-2 rounded-b-xl border-line border-t bg-subtle px-5 py-3">
              {footer}
            </footer>
          ) : null}
          {/* Last, so that the focus starts in the first field, or on Cancel. */}
          {isDismissable ? (
            <Primitive.Close
              aria-label="Close"
              className="absolute top-3.5 right-3.5 grid size-7 place-items-center rounded-md text-faint hover:bg-hover hover:text-fg"
            >
              <X className="size-4" aria-hidden />
            </Primitive.Close>
          ) : null}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
