// One burst of load from a process of its own, so that it can be pinned. Argument: the burst, as JSON.

import { socketLoad } from "../socket-load.ts";

const { firstByteMs, ...counts } = await socketLoad(JSON.parse(process.argv[2] ?? "{}"));
const firstByteP50Ms = firstByteMs[Math.floor(firstByteMs.length / 2)] ?? 0;
process.stdout.write(`${JSON.stringify({ ...counts, firstByteP50Ms })}\n`);
