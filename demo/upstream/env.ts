/** How the demo upstream was asked to run. */
export interface DemoEnv {
  port: number;
  host: string;
  ledgerPath: string | undefined;
  /** End when standard input closes, that is when the parent dies. */
  endsWithParent: boolean;
}

const PORT_MAX = 65_535;
const DEFAULT_PORT = 8_090;

/** Reads `DEMO_PORT` (or the first argument), `HOST`, `DEMO_LEDGER` and `DEMO_PARENT_PIPE`; empty means unset. Throws on a bad port. */
export function readDemoEnv(environment: NodeJS.ProcessEnv = process.env, args = process.argv.slice(2)): DemoEnv {
  const text = args[0] || environment.DEMO_PORT || String(DEFAULT_PORT);
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= PORT_MAX)) throw new Error(`DEMO_PORT must be a port number from 0 to ${PORT_MAX}, not "${text}".`);
  return {
    port,
    host: environment.HOST || "127.0.0.1",
    ledgerPath: environment.DEMO_LEDGER || undefined,
    endsWithParent: environment.DEMO_PARENT_PIPE === "1",
  };
}
