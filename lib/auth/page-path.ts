/** The request header in which `proxy.ts` writes the path of the page that was asked for. */
export const PAGE_PATH_HEADER = "x-turnpike-page";
