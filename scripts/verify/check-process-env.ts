import type { SourceFile } from "#scripts/verify/source-files.ts";

// The doors to the environment, and what runs before they can be opened.
const doors =
  /^(lib\/env\.ts|gateway\/env\.ts|demo\/upstream\/env\.ts|scripts\/env\.ts|cli\/turnpike\.mjs|scripts\/[^/]+\.mjs|scripts\/start\/lifeline\.mjs)$/;

/** Files that read the environment beside its doors. Next.js replaces `process.env.NEXT_RUNTIME` while it builds. */
export function checkProcessEnv(files: SourceFile[]): string[] {
  return files
    .filter(({ path }) => !doors.test(path))
    .flatMap(({ path, text }) =>
      text.split("\n").flatMap((line, index) => {
        const code = line.replace(/\/\/.*$/, "").replaceAll("process.env.NEXT_RUNTIME", "");
        return /\bprocess\.env\b/.test(code) && !path.startsWith("scripts/verify/check-")
          ? [`${path}:${index + 1} reads process.env: take it from an env.ts`]
          : [];
      }),
    );
}
