"use client";
import dynamic from "next/dynamic";
import type { ReactNode } from "react";
import { useOnDemand } from "#components/ui/use-on-demand.ts";

export type SheetProps = {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  footer?: ReactNode;
  side?: "left" | "right";
  size?: "sm" | "md" | "lg";
  children: ReactNode;
};

const SheetFrame = dynamic(() => import("#components/ui/sheet-frame.tsx"), { ssr: false });

/** A panel from the edge: details of a row, or a form beside the table it changes. Fetched like `Dialog`. */
export function Sheet(props: SheetProps) {
  const { isNeeded, returnFocus } = useOnDemand(props.isOpen);
  return isNeeded ? <SheetFrame {...props} onClosed={returnFocus} /> : null;
}
