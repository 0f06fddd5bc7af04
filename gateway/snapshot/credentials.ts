import { type CryptoKey, compactDecrypt, importJWK } from "jose";
import { z } from "zod";
import type { CredentialKind } from "#lib/contract/credential-kind.ts";
import { CredentialBundle } from "#lib/contract/node-protocol.ts";
import { openBytes, sealBytes } from "./sealed-bytes.ts";
import { GenerationFile } from "./store-on-disk.ts";

const PURPOSE = "credentials";
const Kept = z.object({ epoch: z.int(), bundle: CredentialBundle });

const NONE: readonly UpstreamCredential[] = [];

/** An outbound secret as a call uses it. Never logged, never part of an answer. */
export interface UpstreamCredential {
  readonly id: string;
  readonly kind: CredentialKind;
  /** In the form of its kind. */
  readonly secret: string;
}

/** The private half of the node's X25519 key, as a JWK. */
export interface SealingKey {
  readonly kty: "OKP";
  readonly crv: "X25519";
  readonly x: string;
  readonly d: string;
}

/**
 * The credentials lane: what the control plane sealed to this node, effective at once and in no revision, so that a
 * rollback cannot bring a withdrawn key back. Kept on disk under the node's own encryption.
 */
export class CredentialStore {
  private readonly nodeId: () => string;
  private readonly sealingKey: SealingKey;
  private readonly storageKey: Buffer;
  private readonly file: GenerationFile;
  private byUpstream: ReadonlyMap<string, readonly UpstreamCredential[]> = new Map();
  private appliedVersion = 0;
  private appliedEpoch = 0;

  constructor(options: { nodeId: () => string; sealingKey: SealingKey; storageKey: Buffer; directory: string }) {
    this.nodeId = options.nodeId;
    this.sealingKey = options.sealingKey;
    this.storageKey = options.storageKey;
    this.file = new GenerationFile(options.directory, "credentials");
  }

  get version(): number {
    return this.appliedVersion;
  }

  /** The control plane's epoch that the version belongs to; 0 before the first. */
  get epoch(): number {
    return this.appliedEpoch;
  }

  /**
   * The credentials of an upstream, none where it needs none: the same array until a new bundle is in force. Hot path.
   */
  forUpstream(upstreamId: string): readonly UpstreamCredential[] {
    return this.byUpstream.get(upstreamId) ?? NONE;
  }

  /**
   * Opens a sealed bundle, puts it in force and keeps it. Throws when it was not sealed to this node or does not have the
   * known form: the last good credentials stay. In a new epoch (the control plane was restored) versions count anew.
   */
  async offer(version: number, sealed: string, epoch: number): Promise<void> {
    if (version <= this.appliedVersion && epoch <= this.appliedEpoch) return;
    const key = await importJWK({ ...this.sealingKey }, "ECDH-ES");
    const { plaintext } = await compactDecrypt(sealed, asymmetric(key), {
      keyManagementAlgorithms: ["ECDH-ES", "ECDH-ES+A256KW"],
      contentEncryptionAlgorithms: ["A256GCM"],
    });
    const bundle = CredentialBundle.parse(JSON.parse(Buffer.from(plaintext).toString()));
    if (bundle.nodeId !== this.nodeId()) throw new Error("A credential bundle is addressed to another node");
    if (bundle.version !== version) throw new Error("A sealed bundle carries another version than its message");
    await this.adopt(bundle, epoch);
  }

  /** Puts credentials in force and keeps them. Throws what the file system throws. */
  async adopt(bundle: CredentialBundle, epoch: number): Promise<void> {
    this.use(bundle, epoch);
    const kept = sealBytes(this.storageKey, PURPOSE, Buffer.from(JSON.stringify({ epoch, bundle })));
    await this.file.write(async (file) => {
      await file.writeFile(kept);
    });
  }

  private use(bundle: CredentialBundle, epoch: number): void {
    const next = new Map<string, UpstreamCredential[]>();
    for (const { id, upstreamId, kind, secret } of bundle.credentials) {
      const known = next.get(upstreamId);
      if (known === undefined) next.set(upstreamId, [{ id, kind, secret }]);
      else known.push({ id, kind, secret });
    }
    this.byUpstream = next;
    this.appliedVersion = bundle.version;
    this.appliedEpoch = epoch;
  }

  /** Starts from what the disk holds; a damaged file is passed over. */
  async load(): Promise<void> {
    const kept = await this.file.read((sealed) => {
      const plain = openBytes(this.storageKey, PURPOSE, sealed);
      if (plain === null) return null;
      try {
        return Kept.parse(JSON.parse(plain.toString()));
      } catch {
        return null;
      }
    });
    if (kept !== null) this.use(kept.bundle, kept.epoch);
  }

  async forget(): Promise<void> {
    await this.file.remove();
  }
}

/** jose types an imported JWK as key or bytes; bytes come only of `oct` keys, which a `SealingKey` is not. */
function asymmetric(key: CryptoKey | Uint8Array): CryptoKey {
  if (key instanceof Uint8Array) throw new TypeError("A sealing key is never symmetric");
  return key;
}
