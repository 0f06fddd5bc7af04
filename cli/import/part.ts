/** Something that could not be carried, by its place. Values are never said: they may be secrets. */
export interface Loss {
  pointer: string;
  reason: string;
}

/** A secret that has to be given by its new name. */
export interface NeededSecret {
  reference: string;
  pointer: string;
  /** Whether the file had it in the clear. */
  isInFile: boolean;
  kind: "apiKey" | "awsKeys" | "serviceAccount";
}

/** Everything an import has to tell besides its declaration. */
export class Findings {
  readonly losses: Loss[] = [];
  readonly notes: Loss[] = [];
  readonly secrets = new Map<string, NeededSecret>();

  lose(pointer: string, reason: string): void {
    // A plugin of a service is met once for each of its routes.
    if (!this.losses.some((loss) => loss.pointer === pointer && loss.reason === reason))
      this.losses.push({ pointer, reason });
  }

  note(pointer: string, reason: string): void {
    if (!this.notes.some((note) => note.pointer === pointer && note.reason === reason))
      this.notes.push({ pointer, reason });
  }

  /** A reference in the place of a secret. */
  needSecret(needed: NeededSecret): string {
    if (!this.secrets.has(needed.reference)) this.secrets.set(needed.reference, needed);
    return needed.reference;
  }
}

type Json = unknown;

/**
 * A part of a foreign file that keeps count of what was read of it: what nobody has read by the end is a loss, so that an
 * importer cannot overlook a field in silence.
 */
export class Part {
  readonly pointer: string;
  private readonly members: ReadonlyMap<string, Json>;
  private readonly read = new Set<string>();
  private readonly findings: Findings;

  constructor(value: Json, pointer: string, findings: Findings) {
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    this.members = new Map(isObject ? Object.entries(value) : []);
    this.pointer = pointer;
    this.findings = findings;
  }

  /** The pointer of a member. */
  at(name: string): string {
    return `${this.pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  }

  has(name: string): boolean {
    const value = this.members.get(name);
    return value !== undefined && value !== null;
  }

  get names(): string[] {
    return [...this.members.keys()];
  }

  /** A member as it is; undefined where there is none. Names that mean the same may be given. */
  any(...names: string[]): Json {
    for (const name of names) {
      this.read.add(name);
      const value = this.members.get(name);
      if (value !== undefined && value !== null) return value;
    }
    return undefined;
  }

  text(...names: string[]): string | undefined {
    const value = this.any(...names);
    return typeof value === "string" && value !== "" ? value : undefined;
  }

  number(...names: string[]): number | undefined {
    const value = this.any(...names);
    if (typeof value === "number" && Number.isFinite(value)) return value;
    return typeof value === "string" && /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
  }

  isOn(...names: string[]): boolean {
    return this.any(...names) === true;
  }

  part(...names: string[]): Part {
    const name = names.find((each) => this.has(each)) ?? names[0] ?? "";
    return new Part(this.any(...names), this.at(name), this.findings);
  }

  /** The objects of a list. */
  parts(...names: string[]): Part[] {
    const name = names.find((each) => this.has(each)) ?? names[0] ?? "";
    const value = this.any(...names);
    return Array.isArray(value)
      ? value.map((item, index) => new Part(item, `${this.at(name)}/${index}`, this.findings))
      : [];
  }

  /** The texts of a list, or a single one. */
  texts(...names: string[]): string[] {
    const value = this.any(...names);
    const list = Array.isArray(value) ? value : [value];
    return list.filter((item) => typeof item === "string");
  }

  numbers(...names: string[]): number[] {
    const value = this.any(...names);
    const list = Array.isArray(value) ? value : [value];
    return list.map(Number).filter((item) => Number.isFinite(item) && item > 0);
  }

  /** Fields that need no equal here. */
  ignore(...names: string[]): void {
    for (const name of names) this.read.add(name);
  }

  /** Everything that was not read is lost, for the reason given for it or the common one. */
  loseRest(reasons: Readonly<Record<string, string>> = {}, common = "has no equal in Turnpike"): void {
    for (const name of this.members.keys()) {
      if (!this.read.has(name)) this.findings.lose(this.at(name), reasons[name] ?? common);
      this.read.add(name);
    }
  }

  /** The whole part is lost. */
  lose(reason: string): void {
    for (const name of this.members.keys()) this.read.add(name);
    this.findings.lose(this.pointer, reason);
  }
}
