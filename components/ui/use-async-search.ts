"use client";
import { useEffect, useRef, useState } from "react";

const quietMs = 150;

/**
 * Runs `search` once typing has paused for 150 ms and drops answers that a later query has overtaken.
 * Old results stay in sight while new ones load.
 */
export function useAsyncSearch<TResult>(
  search: (query: string, signal: AbortSignal) => Promise<readonly TResult[]>,
  query: string,
): { results: readonly TResult[]; state: "loading" | "done" | "failed" } {
  const [results, setResults] = useState<readonly TResult[]>([]);
  const [state, setState] = useState<"loading" | "done" | "failed">("loading");
  const latestSearch = useRef(search);
  latestSearch.current = search;
  const isFirst = useRef(true);
  useEffect(() => {
    const abort = new AbortController();
    setState("loading");
    const timer = setTimeout(
      () => {
        latestSearch.current(query, abort.signal).then(
          (found) => {
            if (abort.signal.aborted) return;
            setResults(found);
            setState("done");
          },
          () => {
            if (!abort.signal.aborted) setState("failed");
          },
        );
      },
      isFirst.current ? 0 : quietMs,
    );
    isFirst.current = false;
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [query]);
  return { results, state };
}
