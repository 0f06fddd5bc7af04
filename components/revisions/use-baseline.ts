"use client";
import { useState } from "react";

/** The state that an edit builds on, and whether the thing has moved on since. */
export interface Baseline<T> {
  base: T;
  isOutdated: boolean;
  /** Builds on what the thing is now; what was typed is given up. */
  renew: () => void;
}

/** Holds on to the state of a thing at the moment its form opened, while newer states come in underneath. */
export function useBaseline<T extends { etag: string }>(latest: T): Baseline<T> {
  const [base, setBase] = useState(latest);
  return { base, isOutdated: base.etag !== latest.etag, renew: () => setBase(latest) };
}
