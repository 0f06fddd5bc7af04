/** The value of a header in a flat list, several of one name joined; null where it is not there. `wanted` is lower case. */
export function headerOf(rawHeaders: readonly string[], wanted: string): string | null {
  let found: string | null = null;
  for (let place = 0; place + 1 < rawHeaders.length; place += 2) {
    const name = rawHeaders[place] ?? "";
    if (name.length !== wanted.length || name.toLowerCase() !== wanted) continue;
    const value = rawHeaders[place + 1] ?? "";
    found = found === null ? value : `${found}, ${value}`;
  }
  return found;
}
