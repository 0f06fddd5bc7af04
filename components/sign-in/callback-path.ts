const anyOrigin = "https://console.invalid";

/**
 * Where to go after signing in: a path of this console, whatever the address asks for. Another origin, a scheme-relative
 * or backslashed address, and the sign-in page itself become `/`.
 */
export function callbackPath(wanted: string | undefined): string {
  if (wanted === undefined || !wanted.startsWith("/")) return "/";
  const url = URL.parse(wanted, anyOrigin);
  if (url === null || url.origin !== anyOrigin) return "/";
  if (/^\/(sign-in|api)(\/|$)/.test(url.pathname)) return "/";
  return `${url.pathname}${url.search}${url.hash}`;
}
