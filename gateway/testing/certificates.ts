// What the library is made with needs it.
import "reflect-metadata";
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const NAME = { type: "dns", value: "localhost" } as const;
const DAY_MS = 86_400_000;

/** A certificate and its key, as PEM. */
export interface CertifiedKey {
  readonly cert: string;
  readonly key: string;
}

/** Signs certificates for tests, for this machine's names. */
export class TestAuthority {
  private readonly keys: CryptoKeyPair;
  private readonly own: X509Certificate;

  private constructor(keys: CryptoKeyPair, own: X509Certificate) {
    this.keys = keys;
    this.own = own;
  }

  static async make(): Promise<TestAuthority> {
    const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
    const own = await X509CertificateGenerator.createSelfSigned({
      name: "CN=authority",
      ...validFor(1),
      keys,
      signingAlgorithm: ALGORITHM,
      extensions: [new BasicConstraintsExtension(true, undefined, true)],
    });
    return new TestAuthority(keys, own);
  }

  /** The authority's own certificate, for those who are to trust it. */
  get cert(): string {
    return this.own.toString("pem");
  }

  /** A certificate for this machine's address and name, or its name alone; with negative `days` it has expired. */
  async certify(name: string, { days = 1, isNameOnly = false } = {}): Promise<CertifiedKey> {
    const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
    const certificate = await X509CertificateGenerator.create({
      subject: `CN=${name}`,
      issuer: this.own.subject,
      ...validFor(days),
      publicKey: keys.publicKey,
      signingKey: this.keys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new SubjectAlternativeNameExtension(isNameOnly ? [NAME] : [NAME, { type: "ip", value: "127.0.0.1" }]),
      ],
    });
    const der = Buffer.from(await crypto.subtle.exportKey("pkcs8", keys.privateKey));
    const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
    const key = ["-----BEGIN PRIVATE KEY-----", ...lines, "-----END PRIVATE KEY-----", ""].join("\n");
    return { cert: certificate.toString("pem"), key };
  }
}

function validFor(days: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - 10 * DAY_MS), notAfter: new Date(now + days * DAY_MS) };
}
