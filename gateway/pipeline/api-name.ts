/** Where in `name@pin/path?query` the name ends. */
function nameEnd(tail: string): number {
  for (let at = 0; at < tail.length; at++) {
    const code = tail.charCodeAt(at);
    if (code === 0x2f || code === 0x3f) return at;
  }
  return tail.length;
}

/** The route, and the version where one is pinned, that a REST call names: the first segment behind `/apis/`. */
export function apiName(tail: string): string {
  return tail.slice(0, nameEnd(tail));
}

/** The path behind the name, `/` where there is none, and the query without `?`; null where none is sent. */
export function apiPath(tail: string): { readonly path: string; readonly query: string | null } {
  const start = nameEnd(tail);
  const question = tail.indexOf("?", start);
  const path = tail.slice(start, question === -1 ? tail.length : question);
  return { path: path === "" ? "/" : path, query: question === -1 ? null : tail.slice(question + 1) };
}
