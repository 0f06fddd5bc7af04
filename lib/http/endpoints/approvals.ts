import {
  approve,
  getApproval,
  listApprovals,
  reject,
  requestApproval,
  withdrawApproval,
} from "../../domain/approval/index.ts";
import { getSettings, updateSettings } from "../../domain/settings/index.ts";
import { SettingsInput } from "../../domain/settings/schemas.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";

export const approvals: readonly Endpoint[] = [
  endpoint({
    method: "GET",
    path: "/approvals",
    verb: listApprovals,
    summary: "List requests that another person approve a draft, newest first",
  }),
  endpoint({
    method: "POST",
    path: "/approvals",
    verb: requestApproval,
    created: "/approvals/{id}",
    summary: "Ask another person to approve exactly what the draft is now",
  }),
  endpoint({ method: "GET", path: "/approvals/{id}", verb: getApproval, summary: "Read a request for approval" }),
  endpoint({
    method: "POST",
    path: "/approvals/{id}/approve",
    verb: approve,
    summary: "Approve what somebody else wants to publish",
  }),
  endpoint({
    method: "POST",
    path: "/approvals/{id}/reject",
    verb: reject,
    summary: "Say no to what somebody wants to publish",
  }),
  endpoint({
    method: "DELETE",
    path: "/approvals/{id}",
    verb: withdrawApproval,
    summary: "Take a request for approval back, or an approval that is not used",
  }),
  endpoint({ method: "GET", path: "/settings", verb: getSettings, summary: "Read the rules of publishing" }),
  endpoint({
    method: "PATCH",
    path: "/settings",
    verb: updateSettings,
    patches: SettingsInput,
    summary: "Change the rules of publishing: whether another person must approve",
  }),
];
