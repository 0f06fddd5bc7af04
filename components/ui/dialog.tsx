"use client";
import dynamic from "next/dynamic";
import type { ReactNode } from "react";
import { useOnDemand } from "#components/ui/use-on-demand.ts";

export type DialogProps = {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  /** The buttons; the main one last. */
  footer?: ReactNode;
  size?: "sm" | "md" | "lg" | "xl";
  /** Refuses to close by Escape, outside click or the cross (a secret that is shown once). */
  isDismissable?: boolean;
  children?: ReactNode;
};

const DialogFrame = dynamic(() => import("#components/ui/dialog-frame.tsx"), { ssr: false });

/**
 * A modal dialog: traps focus, returns it to what had it before, scrolls inside itself. Its code is fetched when
 * it first opens.
 */
export function Dialog(props: DialogProps) {
  const { isNeeded, returnFocus } = useOnDemand(props.isOpen);
  return isNeeded ? <DialogFrame {...props} onClosed={returnFocus} /> : null;
}
