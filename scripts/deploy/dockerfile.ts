// What of hadolint's rules concerns Dockerfiles like ours, checked without it.

/** One instruction of a Dockerfile, its continued lines joined. */
export interface Instruction {
  keyword: string;
  rest: string;
}

/** The instructions of a Dockerfile, in order. */
export function instructionsOf(text: string): Instruction[] {
  return text
    .replace(/^\s*#.*\n/gm, "")
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .map((line) => /^(\w+)\s+(.*)$/.exec(line.trim()))
    .flatMap((match) => (match ? [{ keyword: (match[1] ?? "").toUpperCase(), rest: match[2] ?? "" }] : []));
}

/** Variables that a Dockerfile sets, with their values. */
export function envOf(text: string): Map<string, string> {
  const pairs = instructionsOf(text)
    .filter(({ keyword }) => keyword === "ENV")
    .flatMap(({ rest }) => [...rest.matchAll(/([A-Z][A-Z0-9_]*)=(\S+)/g)]);
  return new Map(pairs.map((match) => [match[1] ?? "", match[2] ?? ""]));
}

/** What is wrong with a Dockerfile. */
export function dockerfileProblems(text: string): string[] {
  const all = instructionsOf(text);
  const last = all.slice(all.findLastIndex(({ keyword }) => keyword === "FROM"));
  return [...baseProblems(all), ...runProblems(all), ...finalProblems(last)];
}

function baseProblems(all: Instruction[]): string[] {
  const stages = new Set(all.flatMap(({ keyword, rest }) => (keyword === "FROM" ? (stageOf(rest) ?? []) : [])));
  const problems = all.flatMap(({ keyword, rest }) => {
    if (keyword !== "FROM") return [];
    const image = rest.split(/\s/)[0] ?? "";
    if (stages.has(image)) return [];
    const tag = /:([^/]+)$/.exec(image)?.[1];
    // A name with a dot or a port before the first slash is a registry's host.
    if (/^[^/]*[.:][^/]*\//.test(image)) return [`${image} names a registry`];
    return tag === undefined || !/^\d+\.\d+\.\d+/.test(tag) ? [`${image} is not pinned to a version`] : [];
  });
  return stages.size === 0 ? [...problems, "there is no build stage: what builds would be shipped"] : problems;
}

function stageOf(rest: string): string | undefined {
  return /\bAS\s+(\S+)$/i.exec(rest)?.[1];
}

function runProblems(all: Instruction[]): string[] {
  return all.flatMap(({ keyword, rest }) => {
    if (keyword === "ADD") return ["ADD unpacks and downloads: use COPY"];
    if (keyword === "MAINTAINER") return ["MAINTAINER is deprecated"];
    if (keyword === "WORKDIR" && !rest.startsWith("/")) return [`WORKDIR ${rest} is relative`];
    if (keyword === "RUN" && /\b(sudo|curl|wget|apt-get)\b/.test(rest))
      return [`RUN fetches beside the lockfile: ${rest}`];
    if (keyword === "RUN" && /\bnpm (i|install)\b/.test(rest)) return ["npm install ignores the lockfile: use npm ci"];
    if (["ENV", "ARG"].includes(keyword) && /SECRET|PASSWORD|TOKEN|_KEY\b|DATABASE_URL/.test(rest))
      return [`${keyword} puts a secret into the image`];
    return [];
  });
}

function finalProblems(last: Instruction[]): string[] {
  const problems: string[] = [];
  const of = (keyword: string) => last.filter((instruction) => instruction.keyword === keyword);
  const user = of("USER").at(-1)?.rest ?? "";
  if (!/^[1-9]\d*:[1-9]\d*$/.test(user))
    problems.push("USER must be a number other than 0, or runAsNonRoot cannot tell");
  if (of("HEALTHCHECK").length !== 1) problems.push("there must be one HEALTHCHECK");
  const commands = [...of("CMD"), ...of("ENTRYPOINT")];
  if (of("CMD").length !== 1) problems.push("there must be one CMD");
  if (commands.some(({ rest }) => !rest.startsWith("[")))
    problems.push("a shell would swallow the signals: use the JSON form");
  if (commands.some(({ rest }) => /"(npm|npx|sh|bash)"/.test(rest))) problems.push("CMD must be the program itself");
  if (of("COPY").some(({ rest }) => !rest.includes("--from="))) problems.push("the last stage copies from the context");
  return problems;
}
