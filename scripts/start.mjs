import { execPinned, fail, prepare } from "./bootstrap.mjs";

try {
  execPinned(await prepare(), "scripts/start/main.ts", process.argv.slice(2));
} catch (error) {
  fail(error);
}
