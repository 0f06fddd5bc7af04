/**
 * What an attempt's end says, by fault domain. `answered`: all is well. `target`: the target failed. `upstream`: it could
 * not be connected to. `credential`: our credential was refused. `limited`: the upstream's own rate limit. `nothing`: the
 * caller's doing, or ours.
 */
export type Verdict = "answered" | "target" | "upstream" | "credential" | "limited" | "nothing";

export function verdictOfStatus(status: number): Verdict {
  if (status >= 500) return "target";
  if (status === 429) return "limited";
  if (status === 401 || status === 403 || status === 407) return "credential";
  return status >= 200 && status < 300 ? "answered" : "nothing";
}

/** `error` is an attempt's, in its closed vocabulary; `hasHead`: an answer had begun. */
export function verdictOfError(error: string, hasHead: boolean): Verdict {
  switch (error) {
    case "connect":
    case "timeout_connect":
      return "upstream";
    case "reset":
    case "timeout_first_byte":
    case "timeout_idle":
    case "answer":
      return "target";
    case "timeout_total":
      // A long answer that used up the call's time is no fault of the target's; none at all is.
      return hasHead ? "nothing" : "target";
    default:
      return "nothing";
  }
}
