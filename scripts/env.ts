// The scripts' only door to the environment: they hand it on to the programs they start, and read their own switches.

/** The environment of a child: what this process was started with, and on top of it `own`. */
export function childEnv(own: Record<string, string | undefined> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("npm_"));
  return bareEnv({ NODE_ENV: "production", ...Object.fromEntries(inherited), ...own });
}

/** An environment of nothing but `own`. */
export function bareEnv(own: Record<string, string | undefined>): NodeJS.ProcessEnv {
  // Next.js narrows NODE_ENV in the global type; any program may be given any value.
  const env: Record<string, string | undefined> = { ...own };
  return env as NodeJS.ProcessEnv;
}

/** All variables, an empty one counting as unset. */
export function ambientEnv(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ""));
}

/** Sets what programs are configured by, for code of theirs that runs in this process. */
export function setEnv(own: Readonly<Record<string, string>>): void {
  Object.assign(process.env, own);
}
