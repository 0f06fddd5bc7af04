// `npm run docs:manifests`: writes deploy/kubernetes from the chart's default values.

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { plainValues, renderChart } from "#scripts/deploy/chart.ts";
import { projectRoot } from "#scripts/project-root.ts";

const folder = path.join(projectRoot, "deploy/kubernetes");

/** What stands above each of them. */
export const MANIFEST_HEAD =
  "# Made from deploy/helm/turnpike by `npm run docs:manifests`: change the chart instead.\n";

if (import.meta.main) {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of await renderChart(plainValues())) {
    writeFileSync(path.join(folder, name), MANIFEST_HEAD + text);
  }
  // Go's runtime keeps the process alive.
  process.exit(0);
}
