import { LRUCache } from "lru-cache";
import type { PackedRevision, SignedRevision, StreamMessage } from "../../contract/node-protocol.ts";
import { packText } from "../../contract/packed-text.ts";
import type { Context } from "../context.ts";
import { signedRevision } from "../revision/signed-revision.ts";
import { inTransaction } from "../transaction.ts";
import { DirectoryChunks, type DirectoryMessage, type DirectoryWish } from "./directory-chunks.ts";
import { type OpenedCredentials, openCredentials, sealCredentials } from "./seal-credentials.ts";

const KEPT_REVISIONS_MAX = 16;
/** Opened secrets are held no longer than it takes to seal them to all nodes. */
const OPENED_MS_MAX = 2_000;
const ZSTD_LEVEL = 3;

/** What goes to many nodes, made once: revisions whole and as what differs, chunks of the directory, opened credentials. */
export class SharedMessages {
  readonly #ctx: Context;
  readonly #directory: DirectoryChunks;
  readonly #revisions = new LRUCache<string, Promise<StreamMessage>>({ max: KEPT_REVISIONS_MAX });
  #opened: { version: number; credentials: Promise<OpenedCredentials> } | null = null;

  constructor(ctx: Context) {
    this.#ctx = ctx;
    this.#directory = new DirectoryChunks(ctx);
  }

  /** All credentials, sealed to one node. */
  async credentials(node: { id: string; sealingKey: unknown }, version: number): Promise<StreamMessage> {
    const sealed = await sealCredentials(await this.#open(version), node, version);
    return { kind: "credentials", version, sealed };
  }

  /** A revision for a node that holds `held` (0: none), as small as it can be sent. */
  revision(epoch: number, number: number, held: number, isPacked: boolean): Promise<StreamMessage> {
    const key = `${epoch} ${number} ${isPacked ? held : "plain"}`;
    const kept = this.#revisions.get(key);
    if (kept !== undefined) return kept;
    const message = isPacked ? this.#pack(epoch, number, held) : this.#plain(epoch, number);
    this.#revisions.set(key, message);
    message.catch(() => this.#revisions.delete(key));
    return message;
  }

  directory(epoch: number, head: number, wish: DirectoryWish): Promise<DirectoryMessage> {
    return this.#directory.next(epoch, head, wish);
  }

  #open(version: number): Promise<OpenedCredentials> {
    if (this.#opened?.version === version) return this.#opened.credentials;
    const opened = { version, credentials: inTransaction(this.#ctx, openCredentials) };
    this.#opened = opened;
    const forget = () => {
      if (this.#opened === opened) this.#opened = null;
    };
    opened.credentials.then(() => setTimeout(forget, OPENED_MS_MAX).unref(), forget);
    return opened.credentials;
  }

  async #plain(epoch: number, number: number): Promise<StreamMessage> {
    return { kind: "revision", revision: await this.#read(epoch, number) };
  }

  async #pack(epoch: number, number: number, held: number): Promise<StreamMessage> {
    const { header, signature, document } = await this.#read(epoch, number);
    const whole: PackedRevision = { header, signature, base: null, zstd: await packText(document, null, ZSTD_LEVEL) };
    const base = held === 0 ? null : await this.#find(epoch, held);
    if (base === null) return { kind: "packedRevision", revision: whole };
    const { sha256 } = base.header;
    const zstd = await packText(document, base.document, ZSTD_LEVEL);
    const delta: PackedRevision = { header, signature, base: { number: held, sha256 }, zstd };
    return { kind: "packedRevision", revision: delta.zstd.length < whole.zstd.length ? delta : whole };
  }

  async #read(epoch: number, number: number): Promise<SignedRevision> {
    const revision = await this.#find(epoch, number);
    if (revision === null) throw new Error(`Revision ${number} is offered and does not exist`);
    return revision;
  }

  async #find(epoch: number, number: number): Promise<SignedRevision | null> {
    const row = await inTransaction(this.#ctx, (tx) => tx.revision.findUnique({ where: { number } }));
    return row === null ? null : await signedRevision(this.#ctx, row, epoch);
  }
}
