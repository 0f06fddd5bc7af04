import { Shutdown } from "#scripts/start/shutdown.ts";
import { summaryOf } from "#scripts/start/summary.ts";
import { startTurnpike } from "#scripts/start/turnpike.ts";
import { failPlainly } from "#scripts/terminal.ts";

const shutdown = new Shutdown();
const say = (line: string) => void process.stdout.write(`${line}\n`);
shutdown.listen(say);

try {
  const running = await startTurnpike("production", shutdown, say);
  say(summaryOf(running));
} catch (error) {
  // While stopping, whatever was being started fails: that is no news.
  if (shutdown.hasBegun) await new Promise(() => {});
  await shutdown.run();
  failPlainly(error);
}
