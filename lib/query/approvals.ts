import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApprovalView } from "#lib/domain/approval/schemas.ts";
import { SettingsView } from "#lib/domain/settings/schemas.ts";
import { callApi } from "#lib/query/api-client.ts";
import { draftKey } from "#lib/query/draft.ts";

const settingsKey = ["settings"] as const;

/** Asks another person to approve exactly the draft that is in sight. */
export function useRequestApproval() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ note, etag }: { note: string; etag: string }) =>
      callApi(ApprovalView, "POST", "/approvals", { body: { note }, ifMatch: etag }),
    onSettled: () => client.invalidateQueries({ queryKey: draftKey }),
  });
}

/** Says yes or no to a request, or takes it back. */
export function useDecideApproval() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, etag, decision, note }: { id: string; etag: string; decision: Decision; note: string }) =>
      decision === "withdraw"
        ? callApi(ApprovalView, "DELETE", `/approvals/${id}`, { ifMatch: etag })
        : callApi(ApprovalView, "POST", `/approvals/${id}/${decision}`, { body: { note }, ifMatch: etag }),
    onSettled: () => client.invalidateQueries({ queryKey: draftKey }),
  });
}

export type Decision = "approve" | "reject" | "withdraw";

/** The rules of publishing. */
export function useSettings(isAllowed: boolean) {
  return useQuery({
    queryKey: settingsKey,
    queryFn: ({ signal }) => callApi(SettingsView, "GET", "/settings", { signal }),
    enabled: isAllowed,
  });
}

/** Changes the rules of publishing; `etag` is of the rules that the person has seen. */
export function useUpdateSettings() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ etag, ...patch }: SettingsView) =>
      callApi(SettingsView, "PATCH", "/settings", { body: patch, ifMatch: etag }),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: settingsKey }),
        client.invalidateQueries({ queryKey: draftKey }),
      ]),
  });
}
