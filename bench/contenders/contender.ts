/** A proxy under measurement: where to send the call, with which headers, and which process to bill. */
export interface Contender {
  name: string;
  url: string;
  headers: Record<string, string>;
  /** The process whose CPU is counted; null for the yardstick without a proxy. */
  pid: number | null;
  close(): Promise<void>;
}
