import { type DehydratedState, dehydrate, QueryClient, type QueryKey } from "@tanstack/react-query";

/** What a server component has read already, for `HydrationBoundary`: the browser starts with it instead of asking again. */
export function prefill(entries: readonly (readonly [QueryKey, unknown])[]): DehydratedState {
  const client = new QueryClient();
  for (const [key, data] of entries) client.setQueryData(key, data);
  return dehydrate(client);
}
