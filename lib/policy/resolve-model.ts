/** What resolution needs to know of a route version. */
export interface ResolvableVersion {
  readonly version: string;
  readonly status: "active" | "deprecated" | "retired";
  readonly successor: string | null;
}

/** A route as resolution sees it: `byPin` maps "1", "1.2" and "1.2.0" to the version each stands for. */
export interface ResolvableRoute<V extends ResolvableVersion> {
  readonly defaultVersion: V;
  readonly byPin: ReadonlyMap<string, V>;
}

export type ModelResolution<R, V> =
  | { readonly kind: "found"; readonly route: R; readonly version: V }
  | { readonly kind: "retired"; readonly route: R; readonly version: V }
  | { readonly kind: "not_found" }
  /** The model name pins one version and the header another. */
  | { readonly kind: "conflict" };

function compareVersions(a: string, b: string): number {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let place = 0; place < 3; place++) {
    const difference = (left[place] ?? 0) - (right[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * Says which version every pin stands for: an exact number that version, "1.2" and "1" the highest version under it that
 * is not retired, or the highest retired one where nothing else is left, so that the caller can be told of it.
 */
export function compilePins<V extends ResolvableVersion>(versions: readonly V[]): Map<string, V> {
  const rising = [...versions].sort((a, b) => {
    const alive = Number(a.status !== "retired") - Number(b.status !== "retired");
    return alive !== 0 ? alive : compareVersions(a.version, b.version);
  });
  const pins = new Map<string, V>();
  for (const version of rising) {
    const [major = "", minor = ""] = version.version.split(".");
    pins.set(major, version);
    pins.set(`${major}.${minor}`, version);
    pins.set(version.version, version);
  }
  return pins;
}

/**
 * Finds the route version a call asks for: `name`, `name@1`, `name@1.2`, `name@1.2.0`, or a name and the value of
 * `x-api-version`. Route names hold no `@`.
 */
export function resolveModel<V extends ResolvableVersion, R extends ResolvableRoute<V>>(
  routes: ReadonlyMap<string, R>,
  model: string,
  versionHeader: string | null,
): ModelResolution<R, V> {
  const at = model.indexOf("@");
  const name = at === -1 ? model : model.slice(0, at);
  const namePin = at === -1 ? null : model.slice(at + 1);
  const route = routes.get(name);
  if (route === undefined) return { kind: "not_found" };
  if (namePin !== null && versionHeader !== null && namePin !== versionHeader) return { kind: "conflict" };
  const pin = namePin ?? versionHeader;
  const version = pin === null ? route.defaultVersion : route.byPin.get(pin);
  if (version === undefined) return { kind: "not_found" };
  return { kind: version.status === "retired" ? "retired" : "found", route, version };
}
