import { discardChange, discardDraft, getDraft, listHistory } from "../../domain/draft/index.ts";
import { getRevision, listRevisions, publishRevision, rollbackRevision } from "../../domain/revision/index.ts";
import { simulateDraft } from "../../domain/simulation/index.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";

export const revisions: readonly Endpoint[] = [
  endpoint({
    method: "GET",
    path: "/draft",
    verb: getDraft,
    summary: "Read the draft: what publishing would change, and what stands in its way",
  }),
  endpoint({ method: "DELETE", path: "/draft", verb: discardDraft, summary: "Throw every unpublished edit away" }),
  endpoint({
    method: "POST",
    path: "/draft/discard",
    verb: discardChange,
    summary: "Take one change of the draft back: of a resource, or with field of one field of it",
  }),
  endpoint({
    method: "GET",
    path: "/draft/history",
    verb: listHistory,
    summary: "Who changed which field of the draft from what to what, newest first",
  }),
  endpoint({
    method: "POST",
    path: "/draft/simulate",
    verb: simulateDraft,
    weight: 20,
    summary: "Replay recorded calls against the draft: who would be denied, where calls would go, what they would cost",
  }),
  endpoint({ method: "GET", path: "/revisions", verb: listRevisions, summary: "List revisions, newest first" }),
  endpoint({
    method: "POST",
    path: "/revisions",
    verb: publishRevision,
    created: "/revisions/{number}",
    summary: "Publish the whole draft; If-Match with the draft's ETag publishes only what was seen",
  }),
  endpoint({
    method: "GET",
    path: "/revisions/{number}",
    verb: getRevision,
    summary: "Read a revision with its document",
  }),
  endpoint({
    method: "POST",
    path: "/revisions/{number}/rollback",
    verb: rollbackRevision,
    created: "/revisions/{number}",
    summary: "Bring an old document back under a new number",
  }),
];
