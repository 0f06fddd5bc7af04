import { type NextRequest, NextResponse } from "next/server";
import { PAGE_PATH_HEADER } from "#lib/auth/page-path.ts";

/**
 * Tells the page which address it was asked for, since a server component cannot know: somebody who is not signed in
 * comes back to it. Whatever the caller wrote into that header is replaced.
 */
export function proxy(request: NextRequest): NextResponse {
  const { pathname, searchParams } = request.nextUrl;
  const asked = new URLSearchParams(searchParams);
  asked.delete("_rsc");
  const headers = new Headers(request.headers);
  headers.set(PAGE_PATH_HEADER, asked.size === 0 ? pathname : `${pathname}?${asked}`);
  return NextResponse.next({ request: { headers } });
}

/** Pages only: neither the APIs nor files. */
export const config = { matcher: ["/((?!api/|_next/|.*\\.).*)"] };
