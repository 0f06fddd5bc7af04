import { readFile } from "node:fs/promises";
import path from "node:path";

/** Draws the document. Nobody signs in here: a browser that has a console session uses it. */
const LOADER = `SwaggerUIBundle({
  url: "/api/v1/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  docExpansion: "none",
  tryItOutEnabled: false,
  validatorUrl: null,
});
`;

const TYPES: Record<string, string> = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
};

/** The viewer's own files, from its package on this host, and the loader; nothing else of the package is reachable. */
export async function GET(_request: Request, { params }: { params: Promise<{ file: string }> }): Promise<Response> {
  const { file } = await params;
  if (file === "loader.js") return asset(LOADER, "text/javascript; charset=utf-8");
  const type = Object.hasOwn(TYPES, file) ? TYPES[file] : undefined;
  if (type === undefined) return new Response(null, { status: 404 });
  const folder = path.join(/* turbopackIgnore: true */ process.cwd(), "node_modules/swagger-ui-dist");
  return asset(new Uint8Array(await readFile(path.join(folder, file))), type);
}

function asset(body: BodyInit, type: string): Response {
  return new Response(body, { headers: { "content-type": type, "cache-control": "public, max-age=3600" } });
}
