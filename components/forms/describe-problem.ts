import type { ErrorStateProps } from "#components/ui/error-state.tsx";
import { ApiProblem } from "#lib/contract/problem.ts";

const unreachable = "The control plane did not answer. Check the connection and try again.";
const stale = "Somebody else changed this meanwhile. It has been loaded anew: look at it and try again.";

/** A failed call in one public sentence. An unknown error's own message is never shown. */
export function describeProblem(thrown: unknown): string {
  if (!(thrown instanceof ApiProblem)) return unreachable;
  if (thrown.status === 412) return stale;
  const [first] = thrown.problem.errors;
  return thrown.problem.detail ?? first?.detail ?? thrown.problem.title;
}

/** What an `ErrorState` shows of a failed query; null while it has not failed. */
export function queryErrorState(query: {
  error: unknown;
  isFetching: boolean;
  refetch: () => unknown;
}): ErrorStateProps | null {
  if (query.error === null || query.error === undefined) return null;
  const refusal = query.error instanceof ApiProblem ? query.error.problem : null;
  return {
    children: describeProblem(query.error),
    onRetry: () => void query.refetch(),
    isRetrying: query.isFetching,
    requestId: refusal?.requestId,
  };
}
