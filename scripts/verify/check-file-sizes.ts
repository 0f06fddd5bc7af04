import { isTest, type SourceFile } from "#scripts/verify/source-files.ts";

const linesMax = 400;

/** Files over the limit. Tests, migrations and what is generated may be as long as they like. */
export function checkFileSizes(files: SourceFile[]): string[] {
  return measured(files)
    .filter(({ lines }) => lines > linesMax)
    .map(({ path, lines }) => `${path} has ${lines} lines, and ${linesMax} are the limit: split it`);
}

/** The ten largest files, for the report. */
export function largestFiles(files: SourceFile[]): string[] {
  return measured(files)
    .slice(0, 10)
    .map(({ path, lines }) => `${String(lines).padStart(5)}  ${path}`);
}

function measured(files: SourceFile[]): { path: string; lines: number }[] {
  return files
    .filter(({ path }) => !isTest(path))
    .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
    .sort((a, b) => b.lines - a.lines);
}
