"use client";
import { useEffect, useState } from "react";

const tickMs = 1_000;

/** Seconds left until a moment, counted every second; 0 once it has passed. Only for what is rendered in the browser. */
export function useCountdown(at: string): number {
  const read = () => Math.max(0, Math.ceil((Date.parse(at) - Date.now()) / 1_000));
  const [left, setLeft] = useState(read);
  useEffect(() => {
    const timer = setInterval(() => setLeft(Math.max(0, Math.ceil((Date.parse(at) - Date.now()) / 1_000))), tickMs);
    return () => clearInterval(timer);
  }, [at]);
  return left;
}

/** 605 s → "10:05". */
export function countdownWords(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
