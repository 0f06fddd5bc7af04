import { handleKey } from "#lib/http/node-api.ts";

export const dynamic = "force-dynamic";

export function POST(request: Request): Promise<Response> {
  return handleKey(request);
}
