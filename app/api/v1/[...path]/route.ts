import { handle } from "#lib/http/handle.ts";

/** Every endpoint of the management API: see `lib/http/endpoints`. */
const answer = (request: Request) => handle(request);

export { answer as DELETE, answer as GET, answer as HEAD, answer as PATCH, answer as POST, answer as PUT };
