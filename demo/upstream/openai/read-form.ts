import { InvalidRequest, type ReceivedBody } from "../handler.ts";

/** Parses a multipart form; throws `InvalidRequest` when it is none. */
export async function readForm(body: ReceivedBody): Promise<FormData> {
  try {
    const bytes = new Uint8Array(body.bytes);
    return await new Response(bytes, { headers: { "content-type": body.contentType } }).formData();
  } catch {
    throw new InvalidRequest("The body is not a valid multipart form.");
  }
}
