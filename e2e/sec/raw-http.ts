import { connect } from "node:net";

/** What came back on one connection: the status of each answer, and whether the connection was ended by the server. */
export interface RawAnswers {
  readonly statuses: number[];
  readonly isClosed: boolean;
}

/** Writes bytes as they are and reads until the connection ends or has been silent for a while. */
export function rawHttp(port: number, bytes: Buffer, silentMs: number): Promise<RawAnswers> {
  return new Promise((resolve) => {
    let text = "";
    let isClosed = true;
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.setTimeout(silentMs, () => {
      isClosed = false;
      socket.destroy();
    });
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1]));
      resolve({ statuses, isClosed });
    });
  });
}
