import { handleStream } from "#lib/http/node-api.ts";

export const dynamic = "force-dynamic";

export function GET(request: Request): Promise<Response> {
  return handleStream(request);
}
