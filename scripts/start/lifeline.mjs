// Preloaded (`node --import`) into every program that another of our programs starts. The parent holds the other end of
// a pipe and never writes to it: its end means that the parent is gone, however it died, and then this process stops
// as if it had been told to. Plain JavaScript, because it also runs before anything else is known to work.

import { Socket } from "node:net";
import { isMainThread } from "node:worker_threads";

// A program that has not drained by then would keep what it depends on alive.
const drainMaxMs = ((Number(process.env.TURNPIKE_DRAIN_SECONDS) || 30) + 15) * 1000;

if (isMainThread && process.env.TURNPIKE_LIFELINE_FD) {
  const fd = Number(process.env.TURNPIKE_LIFELINE_FD);
  // Not for our own children: to them the same number is another file.
  delete process.env.TURNPIKE_LIFELINE_FD;
  const pipe = new Socket({ fd, readable: true, writable: false });
  pipe.on("error", () => {});
  pipe.once("close", () => {
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => process.exit(1), drainMaxMs).unref();
  });
  pipe.resume();
  pipe.unref();
}
