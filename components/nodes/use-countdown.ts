"use client";
import { useEffect, useState } from "react";

const tickMs = 1_000;

/** Seconds left until a moment, counted every second; 0 once it has passed. Only for what is rendered in the browser. */
export function useCountdown(at: string): number {
  const [left, setLeft] = useState(() => secondsUntil(at));
  useEffect(() => {
    const timer = setInterval(() => setLeft(secondsUntil(at)), tickMs);
    return () => clearInterval(timer);
  }, [at]);
  return left;
}

/** 605 s → "10:05". */
export function countdownWords(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function secondsUntil(at: string): number {
  return Math.max(0, Math.ceil((Date.parse(at) - Date.now()) / 1_000));
}
