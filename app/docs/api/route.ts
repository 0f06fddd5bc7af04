/** The rendered API reference. No script stands in the page: the loader is a file of its own, as the content policy wants. */
const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>API reference · Turnpike</title>
    <link rel="icon" href="/icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/docs/api/assets/swagger-ui.css" />
  </head>
  <body>
    <main id="reference"><noscript>The reference needs JavaScript. The document itself is at /api/v1/openapi.json.</noscript></main>
    <script src="/docs/api/assets/swagger-ui-bundle.js" defer></script>
    <script src="/docs/api/assets/loader.js" defer></script>
  </body>
</html>
`;

export function GET(): Response {
  return new Response(PAGE, { headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" } });
}
