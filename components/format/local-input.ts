/** A moment as an `<input type="datetime-local">` holds it, in the viewer's zone; empty for none. */
export function toLocalInput(at: string | null): string {
  if (at === null) return "";
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
