// Bundles the node as a build would, and looks at what went in: import rules see what is written, this sees what comes
// along through packages.

import path from "node:path";
import { build } from "esbuild";
import { projectRoot } from "#scripts/project-root.ts";

const forbidden = /(^|\/)node_modules\/(next|next-auth|react|react-dom|prisma|@prisma\/[^/]+|pg)\//;

/** Modules in the node's bundle that belong to the console or the database. */
export async function checkGatewayBundle(): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: projectRoot,
    entryPoints: ["gateway/main.ts"],
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "esm",
    target: "node24",
    logLevel: "silent",
    loader: { ".node": "empty" },
    outdir: path.join(projectRoot, ".cache/gateway-bundle"),
  });
  return Object.keys(metafile.inputs)
    .filter(
      (input) =>
        forbidden.test(input) || /^(app|components)\//.test(input) || /^lib\/(?!contract\/|policy\/)/.test(input),
    )
    .map((input) => `gateway/main.ts pulls in ${input}`);
}
