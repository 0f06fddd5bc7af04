import Link from "next/link";
import type { DataTableColumn } from "#components/data-table/column.ts";
import { StatusDot } from "#components/ui/badge.tsx";
import { Duration, Money, Tokens } from "#components/ui/figures.tsx";
import { Truncate } from "#components/ui/truncate.tsx";
import type { RequestSummary } from "#lib/domain/request/schemas.ts";
import { CallTime } from "./call-time.tsx";
import { codeWords, outcomeTones, outcomeWords } from "./words.ts";

type Column = DataTableColumn<RequestSummary>;

const faint = (text: string) => <span className="text-faint">{text}</span>;
const named = (thing: { id: string; name: string | null } | null) => thing?.name ?? thing?.id ?? null;
const asText = (
  id: string,
  header: string,
  read: (call: RequestSummary) => string | null,
  more: Partial<Column> = {},
) =>
  ({
    id,
    header,
    cell: (call) => {
      const text = read(call);
      return text === null ? faint("–") : <Truncate text={text} />;
    },
    exportValue: read,
    ...more,
  }) satisfies Column;

/** The columns of the call explorer. */
export const requestColumns: readonly Column[] = [
  {
    id: "time",
    header: "Time",
    phone: "title",
    cell: (call) => (
      <Link href={`/requests/${call.id}`} prefetch={false} className="hover:underline">
        <CallTime at={call.time} />
      </Link>
    ),
    exportValue: (call) => call.time,
    className: "w-32",
  },
  {
    id: "status",
    header: "Status",
    cell: (call) => (
      <StatusDot tone={outcomeTones[call.outcome]}>
        <span className="num">{call.status}</span>{" "}
        <span className="truncate text-muted">
          {call.errorCode ? codeWords(call.errorCode) : outcomeWords[call.outcome]}
        </span>
      </StatusDot>
    ),
    exportValue: (call) => call.status,
    className: "w-52",
  },
  asText("consumer", "Consumer", (call) => named(call.consumer)),
  asText("route", "Route", (call) => (call.route ? `${call.route}@${call.version ?? ""}` : call.requestedModel)),
  asText("model", "Model", (call) => call.model),
  asText("upstream", "Upstream", (call) => named(call.upstream), { className: "w-28" }),
  {
    id: "tokens",
    header: "Tokens",
    isNumeric: true,
    cell: (call) => <Tokens count={call.inputTokens + call.outputTokens} />,
    exportValue: (call) => call.inputTokens + call.outputTokens,
    className: "w-28",
  },
  {
    id: "cost",
    header: "Cost",
    isNumeric: true,
    cell: (call) => (call.cost === null ? faint("no price") : <Money amount={call.cost} />),
    exportValue: (call) => call.cost,
    className: "w-24",
  },
  {
    id: "duration",
    header: "Duration",
    isNumeric: true,
    cell: (call) => <Duration durationMs={call.durationMs} />,
    exportValue: (call) => call.durationMs,
    className: "w-24",
  },
  {
    id: "firstByte",
    header: "First byte",
    isNumeric: true,
    cell: (call) => (call.firstByteMs === null ? faint("–") : <Duration durationMs={call.firstByteMs} />),
    exportValue: (call) => call.firstByteMs,
    isHiddenAtFirst: true,
    className: "w-24",
  },
  asText("team", "Team", (call) => named(call.team), { isHiddenAtFirst: true }),
  asText("apiKey", "API key", (call) => named(call.apiKey), { isHiddenAtFirst: true }),
  asText("endUser", "End user", (call) => call.endUser, { isHiddenAtFirst: true }),
  asText("action", "Action", (call) => call.action, { isHiddenAtFirst: true, className: "w-36" }),
  asText("node", "Node", (call) => named(call.node), { isHiddenAtFirst: true, className: "w-28" }),
  asText("errorCode", "Error code", (call) => call.errorCode, { isHiddenAtFirst: true }),
  {
    id: "attempts",
    header: "Attempts",
    isNumeric: true,
    cell: (call) => call.attempts,
    exportValue: (call) => call.attempts,
    isHiddenAtFirst: true,
    className: "w-20",
  },
  asText("id", "Id", (call) => call.id, { isHiddenAtFirst: true }),
];
