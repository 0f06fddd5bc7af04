"use client";

/** Runs a task when the browser is idle, or a second later where it cannot say. Returns how to call it off. */
export function whenIdle(task: () => void): () => void {
  if (typeof window.requestIdleCallback !== "function") {
    const timer = setTimeout(task, 1_000);
    return () => clearTimeout(timer);
  }
  const handle = window.requestIdleCallback(task, { timeout: 3_000 });
  return () => window.cancelIdleCallback(handle);
}
