/** What a call has tried: targets by id, and credentials at a target by `triedKey`. Null before its first failure. */
export type Tried = ReadonlySet<string> | null;

/** Names a credential at a target among what a call has tried; null for none. */
export function triedKey(targetId: string, credentialId: string | null): string {
  return `${targetId} ${credentialId ?? ""}`;
}
