import { type DehydratedState, dehydrate, QueryClient, type QueryKey } from "@tanstack/react-query";

/** What a server component has read already, for `HydrationBoundary`: the browser starts with it instead of asking again. */
export function prefill(entries: readonly (readonly [QueryKey, unknown])[]): DehydratedState {
  const client = new QueryClient();
  for (const [key, data] of entries) client.setQueryData(key, data);
  return dehydrate(client);
}

/** A list's query without what asks for nothing (null and ""), as the verbs want it. */
export function given<T extends object>(query: T): Given<T> {
  const entries = Object.entries(query).filter(([, value]) => value !== null && value !== "");
  return asGiven<T>(Object.fromEntries(entries));
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], null> };

/** The entries are those of a `T`, without the nulls. */
function asGiven<T>(entries: object): Given<T> {
  return entries as Given<T>;
}
