"use client";
import { useRef, useState } from "react";
import { mergeFields } from "#components/forms/merge-values.ts";
import { ApiProblem } from "#lib/contract/problem.ts";

/** What a form needs to know of others who change the same thing while it is open. */
export interface Race<TInput> {
  /** What the thing is called in a sentence: "plan". */
  noun: string;
  /** Whether somebody else is known to have changed a field of the form since it opened. */
  isOutdated: boolean;
  /** Who changed it last, if that is known. */
  who: string | null;
  /** What the form began with and what the thing is now; null where it is gone. `accept` lets saves build on the latter. */
  load: () => Promise<{ base: TInput; theirs: TInput; accept: () => void } | null>;
}

/**
 * Holds on to the state of a thing that a form builds on, while newer states come in underneath. `current` is that state:
 * its ETag goes along with a save, so that a save on top of somebody else's change is refused (412) and merged instead.
 */
export function useRace<T extends { etag: string }, TInput>({
  latest,
  values,
  reload,
  noun,
  who = null,
}: {
  latest: T;
  /** The form's values of a state. */
  values: (state: T) => TInput;
  /** Asks what the thing is now; null, or a 404, where it is gone. */
  reload: () => Promise<T | null>;
  noun: string;
  who?: string | null;
}): { current: () => T; race: Race<TInput> } {
  const [seen, setSeen] = useState(latest);
  const held = useRef(latest);
  const accept = (state: T) => {
    held.current = state;
    setSeen(state);
  };
  const load = async () => {
    const now = await reload().catch(nothingWhereGone);
    if (now === null) return null;
    return { base: values(held.current), theirs: values(now), accept: () => accept(now) };
  };
  const isOutdated = seen.etag !== latest.etag && hasChanged(values(seen), values(latest));
  return { current: () => held.current, race: { noun, isOutdated, who, load } };
}

/** An ETag also moves with what the form does not show. */
function hasChanged(before: unknown, after: unknown): boolean {
  return mergeFields(before, after, before).length > 0;
}

function nothingWhereGone(error: unknown): null {
  if (error instanceof ApiProblem && error.status === 404) return null;
  throw error;
}
