import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Server as HttpsServer, ServerOptions } from "node:https";
import type { Socket } from "node:net";
import { createSecureContext, type TLSSocket } from "node:tls";

/** Where the certificate is, and what callers must show. */
export interface TlsFiles {
  /** PEM: the certificate, then those between it and the authority. */
  readonly certFile: string;
  readonly keyFile: string;
  /** PEM of the authorities that callers' certificates must be from; null where callers need none. */
  readonly clientCaFile: string | null;
  readonly clientCertificates: "optional" | "required";
}

/** How often the files are looked at. */
const LOOK_EVERY_MS = 2_000;
const HANDSHAKE_MS = 10_000;
/** Told to browsers: never again without TLS, for a year (RFC 6797). */
export const HSTS: readonly string[] = ["strict-transport-security", "max-age=31536000"];

interface Material {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca: Buffer | null;
}

export interface TlsWatch {
  /** Every how many milliseconds the files are looked at. */
  readonly everyMs?: number;
  readonly onReloaded: (facts: { readonly subject: string; readonly notAfter: string }) => void;
  /** New files that cannot be used: the certificate in force stays. Told once for each reason. */
  readonly onProblem: (message: string) => void;
}

/** Reads the files and checks that they can be served with now. Throws an `Error` that says what is wrong, without secrets. */
async function readMaterial(files: TlsFiles, nowMs: number): Promise<{ material: Material; leaf: X509Certificate }> {
  const [cert, key, ca] = await Promise.all([
    readFile(files.certFile),
    readFile(files.keyFile),
    files.clientCaFile === null ? null : readFile(files.clientCaFile),
  ]);
  createSecureContext(contextOf({ cert, key, ca }));
  const leaf = new X509Certificate(cert);
  if (leaf.validToDate.getTime() <= nowMs)
    throw new Error(`The certificate expired at ${leaf.validToDate.toISOString()}`);
  if (leaf.validFromDate.getTime() > nowMs) {
    throw new Error(`The certificate is not valid before ${leaf.validFromDate.toISOString()}`);
  }
  if (ca !== null) new X509Certificate(ca);
  return { material: { cert, key, ca }, leaf };
}

function contextOf({ cert, key, ca }: Material) {
  return { cert, key, minVersion: "TLSv1.2" as const, ...(ca === null ? {} : { ca }) };
}

function isSame(a: Material, b: Material): boolean {
  const sameCa = a.ca === null || b.ca === null ? a.ca === b.ca : a.ca.equals(b.ca);
  return sameCa && a.cert.equals(b.cert) && a.key.equals(b.key);
}

/**
 * The certificate that a node serves with, renewed from its files while calls go on: connections that stand keep what they
 * began with, new ones get the new certificate. Files that do not fit together, or have expired, change nothing.
 */
export class TlsServing {
  private readonly files: TlsFiles;
  private readonly nowMs: () => number;
  private material: Material;
  private leaf: X509Certificate;
  private problem: string | null = null;
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> | null = null;
  /** How often new files were put in force, and how often they could not be. */
  reloads = 0;
  failures = 0;

  private constructor(files: TlsFiles, nowMs: () => number, read: { material: Material; leaf: X509Certificate }) {
    this.files = files;
    this.nowMs = nowMs;
    this.material = read.material;
    this.leaf = read.leaf;
  }

  /** Throws an `Error` that says what is wrong with the files. */
  static async load(files: TlsFiles, nowMs: () => number): Promise<TlsServing> {
    return new TlsServing(files, nowMs, await readMaterial(files, nowMs()));
  }

  /** When the certificate in force ends, in seconds since 1970. */
  get notAfterSeconds(): number {
    return Math.floor(this.leaf.validToDate.getTime() / 1_000);
  }

  /** Whether callers are asked for a certificate. */
  get asksCallers(): boolean {
    return this.files.clientCaFile !== null;
  }

  serverOptions(): ServerOptions {
    return {
      ...contextOf(this.material),
      ALPNProtocols: ["http/1.1"],
      handshakeTimeout: HANDSHAKE_MS,
      requestCert: this.asksCallers,
      rejectUnauthorized: this.asksCallers && this.files.clientCertificates === "required",
    };
  }

  /** Looks at the files from now on. */
  watch(server: HttpsServer, watch: TlsWatch): void {
    if (this.asksCallers) server.on("secureConnection", refuseForeign);
    this.timer = setInterval(() => {
      this.looking ??= this.look(server, watch).finally(() => {
        this.looking = null;
      });
    }, watch.everyMs ?? LOOK_EVERY_MS);
    this.timer.unref();
  }

  /** Looks at the files now. Never rejects. */
  async look(server: HttpsServer, watch: TlsWatch): Promise<void> {
    try {
      const read = await readMaterial(this.files, this.nowMs());
      this.problem = null;
      if (isSame(read.material, this.material)) return;
      server.setSecureContext(contextOf(read.material));
      this.material = read.material;
      this.leaf = read.leaf;
      this.reloads += 1;
      watch.onReloaded({
        subject: read.leaf.subject.replaceAll("\n", ", "),
        notAfter: read.leaf.validToDate.toISOString(),
      });
    } catch (error) {
      const message = error instanceof Error ? error.message : "unknown error";
      if (message === this.problem) return;
      this.problem = message;
      this.failures += 1;
      watch.onProblem(message);
    }
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }
}

/** Where certificates are optional, one that no known authority vouches for is still refused. */
function refuseForeign(socket: TLSSocket): void {
  if (!socket.authorized && socket.getPeerX509Certificate() !== undefined) socket.destroy();
}

const SUBJECTS = new WeakMap<Socket, string | null>();

/** Whom a caller's certificate names; null for a connection without one. Read once for each connection. */
export function callerSubject(socket: Socket): string | null {
  const known = SUBJECTS.get(socket);
  if (known !== undefined) return known;
  const tls = "getPeerX509Certificate" in socket ? asTls(socket) : null;
  const certificate = tls?.authorized === true ? tls.getPeerX509Certificate() : undefined;
  const subject = certificate === undefined ? null : certificate.subject.replaceAll("\n", ", ").slice(0, 200);
  SUBJECTS.set(socket, subject);
  return subject;
}

/** A socket that has the TLS socket's methods is one: nothing else in a node's server makes such sockets. */
function asTls(socket: Socket): TLSSocket {
  return socket as TLSSocket;
}
