import type { Findings } from "#cli/import/part.ts";
import { RouteName } from "#lib/contract/names.ts";
import { providerOf } from "#lib/contract/providers.ts";
import { variableName } from "#lib/domain/declaration/schemas.ts";

/** An upstream as an importer finds it. */
export interface FoundUpstream {
  provider: string;
  baseUrl?: string | undefined;
  options?: Record<string, string>;
  timeouts?: Record<string, number>;
  rateLimits?: object[];
  credential?: FoundSecret | undefined;
}

/** Where a secret stood: in the file, or in a variable that the file names. */
export interface FoundSecret {
  kind?: "apiKey" | "awsKeys" | "serviceAccount";
  pointer: string;
  /** The environment variable that the file names; without, the secret itself stood there. */
  variable?: string | undefined;
}

export interface FoundTarget {
  upstream: string;
  model?: string;
  weight?: number;
  priority?: number;
}

export interface FoundVersion {
  strategy?: string;
  targets: FoundTarget[];
  retry?: object;
  timeouts?: object;
  cache?: object;
  onNotCarried?: "drop";
  guardrails?: object[];
}

const WEIGHT_MAX = 1_000_000;

/** A declaration while it is being put together from a foreign file. */
export class ImportDraft {
  readonly findings: Findings;
  private readonly upstreams = new Map<string, object>();
  private readonly upstreamNames = new Map<string, string>();
  private readonly plans = new Map<string, object>();
  private readonly routes = new Map<string, object>();
  private readonly prices = new Map<string, object>();
  private readonly consumers: object[] = [];
  private readonly teams = new Set<string>();

  constructor(findings: Findings) {
    this.findings = findings;
  }

  /** Adds an upstream, or finds the one that is the same. Returns its name; null where it cannot be one. */
  upstream(wish: string, found: FoundUpstream, pointer: string): string | null {
    const provider = providerOf(found.provider);
    if (!provider) {
      this.findings.lose(pointer, `Turnpike has no provider "${found.provider}"`);
      return null;
    }
    const baseUrl = this.safeUrl(found.baseUrl, pointer);
    if (baseUrl === undefined && provider.defaultBaseUrl === null) {
      this.findings.lose(pointer, `an upstream of ${provider.label} needs its address (baseUrl), which is not here`);
      return null;
    }
    const { credential, ...rest } = found;
    const identity = JSON.stringify({
      ...rest,
      baseUrl,
      variable: credential?.variable ?? credential?.pointer ?? null,
    });
    const known = this.upstreamNames.get(identity);
    if (known !== undefined) return known;
    const name = freeName(wish, this.upstreams);
    this.upstreamNames.set(identity, name);
    const options = Object.entries(found.options ?? {}).length > 0 ? { options: found.options } : {};
    this.upstreams.set(name, {
      provider: found.provider,
      ...(baseUrl === undefined ? {} : { baseUrl }),
      ...options,
      ...(isPrivate(baseUrl) ? { allowPrivateNetwork: true } : {}),
      ...(Object.keys(found.timeouts ?? {}).length > 0 ? { timeouts: found.timeouts } : {}),
      ...(found.rateLimits && found.rateLimits.length > 0 ? { rateLimits: found.rateLimits } : {}),
      ...(credential ? { credentials: { default: this.credential(name, credential) } } : {}),
    });
    return name;
  }

  /** Adds a route with one version. */
  route(wish: string, { targets, ...rest }: FoundVersion, pointer: string, more: object = {}): string | null {
    if (targets.length === 0) {
      this.findings.lose(pointer, "no target of it could be carried");
      return null;
    }
    const name = freeName(routeName(wish), this.routes);
    if (name !== wish) this.findings.note(pointer, `the route is called ${name}`);
    const version = {
      ...plain(rest),
      targets: targets.map(({ weight, ...target }) => plain({ ...target, weight: whole(weight) })),
    };
    this.routes.set(name, { ...more, versions: { "1.0.0": version } });
    return name;
  }

  plan(name: string, fields: object): void {
    this.plans.set(name, fields);
  }

  hasPlan(name: string): boolean {
    return this.plans.has(name);
  }

  price(provider: string, model: string, price: object): void {
    this.prices.set(`${provider}/${model}`, { provider, model, ...price });
  }

  consumer(team: string, name: string, plan: string): void {
    this.teams.add(team);
    this.consumers.push({ team, name, plan });
  }

  /** The declaration, with nothing that is empty. */
  declaration(name: string): Record<string, unknown> {
    const parts = {
      teams: [...this.teams],
      upstreams: Object.fromEntries(this.upstreams),
      plans: Object.fromEntries(this.plans),
      routes: Object.fromEntries(this.routes),
      prices: [...this.prices.values()],
      consumers: this.consumers,
    };
    return {
      turnpike: 1,
      name,
      ...Object.fromEntries(Object.entries(parts).filter(([, part]) => Object.keys(part).length > 0)),
    };
  }

  private credential(upstream: string, { kind = "apiKey", pointer, variable }: FoundSecret): object {
    const reference = `env:${variable ?? variableName(upstream, "default")}`;
    const secret = this.findings.needSecret({ reference, pointer, isInFile: variable === undefined, kind });
    return { ...(kind === "apiKey" ? {} : { kind }), secret };
  }

  /** An address without what may be secret in it. */
  private safeUrl(text: string | undefined, pointer: string): string | undefined {
    if (text === undefined) return undefined;
    if (!URL.canParse(text) || !/^https?:/.test(text)) {
      this.findings.lose(pointer, "the address is not an http:// or https:// one that can be read here");
      return undefined;
    }
    const url = new URL(text);
    if (url.username !== "" || url.password !== "" || url.search !== "") {
      this.findings.lose(pointer, "the address had a user, a password or a query in it, which is left out");
      url.username = "";
      url.password = "";
      url.search = "";
    }
    return url.href.replace(/\/$/, "");
  }
}

function plain(value: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value));
}

function whole(weight: number | undefined): number | undefined {
  return weight === undefined ? undefined : Math.min(WEIGHT_MAX, Math.max(0, Math.round(weight)));
}

/** Whether an address is one that needs `allowPrivateNetwork`: this machine, or a network of one's own. */
function isPrivate(baseUrl: string | undefined): boolean {
  if (baseUrl === undefined) return false;
  const { hostname } = new URL(baseUrl);
  return (
    /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[::1\])|\.(local|internal|svc)$/.test(hostname) ||
    !hostname.includes(".")
  );
}

/** A name as routes may have it. */
export function routeName(wish: string): string {
  if (RouteName.safeParse(wish).success) return wish;
  const name = wish
    .replaceAll(/[^A-Za-z0-9._:/-]+/g, "-")
    .replaceAll(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "")
    .slice(0, 120);
  return RouteName.safeParse(name).success ? name : "imported";
}

function freeName(wish: string, taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has(wish)) return wish;
  for (let number = 2; ; number++) if (!taken.has(`${wish}-${number}`)) return `${wish}-${number}`;
}

/** Weights as whole numbers in the same proportion: 0.7 and 0.3 are 7 and 3. */
export function wholeWeights(weights: readonly number[]): number[] {
  const scale = weights.every(Number.isInteger) ? 1 : 1_000;
  const scaled = weights.map((weight) => Math.round(weight * scale));
  const divisor = scaled.reduce(greatestDivisor, 0) || 1;
  return scaled.map((weight) => weight / divisor);
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

/** Dollars a million tokens of dollars a token, as prices are written. */
export function perMillion(dollarsPerToken: number): string {
  return amount(dollarsPerToken * 1e6);
}

/** An amount of dollars as a decimal text. */
export function amount(dollars: number): string {
  return dollars.toFixed(6).replace(/\.?0+$/, "") || "0";
}

/** One tier from the first token on. */
export function flatPrice(dollars: string | undefined): { fromTokens: number; dollars: string }[] | undefined {
  return dollars === undefined ? undefined : [{ fromTokens: 0, dollars }];
}
