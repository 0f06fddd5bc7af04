/** Why a node does not take a revision: what it reports to the control plane, and what the Nodes page shows. */
export class RevisionRejected extends Error {
  readonly code: string;
  /** JSON pointer into the document; empty for the whole. */
  readonly path: string;

  constructor(code: string, path: string, message: string) {
    super(message);
    this.name = "RevisionRejected";
    this.code = code;
    this.path = path;
  }
}
