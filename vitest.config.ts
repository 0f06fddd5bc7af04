import { configDefaults, defineConfig } from "vitest/config";

const databaseTests = ["lib/domain/**/*.test.ts", "**/*.db.test.ts"];
const planesTests = ["e2e/planes/**/*.test.ts", "bench/**/*.test.ts"];
const elsewhere = [...configDefaults.exclude, ".next/**", ".turnpike/**", ".cache/**", "bench/node_modules/**"];

export default defineConfig({
  test: {
    // Two cores: more workers only take each other's time.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          testTimeout: 20_000,
          hookTimeout: 30_000,
          include: ["**/*.test.{ts,tsx}"],
          exclude: [...elsewhere, ...databaseTests, ...planesTests],
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: databaseTests,
          exclude: elsewhere,
          globalSetup: ["scripts/test/global-database.ts"],
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: "planes",
          include: planesTests,
          exclude: elsewhere,
          // Each file starts real processes of its own.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
