# A gateway node: one file of JavaScript on Node. From the root of the repository:
#   docker build -f deploy/gateway.Dockerfile -t turnpike-gateway:0.1.0 .

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund --include=dev --include=optional
COPY . .
RUN node -e "import('./scripts/build-gateway.mjs').then((m) => m.buildGateway())"

FROM node:24.21.0-bookworm-slim
# Two arenas and small halves of the young generation, as `npm run gateway` has them (scripts/gateway-node-args.mjs).
ENV NODE_ENV=production MALLOC_ARENA_MAX=2 HOST=0.0.0.0 GATEWAY_PORT=8080 GATEWAY_STATUS_PORT=9080 \
  TURNPIKE_NODE_DIR=/var/lib/turnpike
WORKDIR /app
COPY --from=build /app/.cache/gateway/main.mjs ./main.mjs
# Its identity, last good snapshot and usage spool: the one place it writes to. Keep it across restarts.
RUN mkdir -m 0700 /var/lib/turnpike && chown 1000:1000 /var/lib/turnpike
VOLUME /var/lib/turnpike
USER 1000:1000
EXPOSE 8080 9080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.GATEWAY_STATUS_PORT + '/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=4", "main.mjs"]
