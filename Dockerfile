# The token server: small, as nobody in particular, asked every half minute whether it can do its work.
# docker build -t tessera .      Settings and an example: docs/container.md
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY . .
# The tools that build are gone again afterwards: what stays is what runs.
RUN npm ci --no-audit --no-fund \
  && node tools/setup.js --force \
  && npm prune --omit=dev --no-audit --no-fund \
  && rm -rf packages/*/src packages/*/test apps/console/src apps/console/test

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4480 TESSERA_DATABASE=sqlite:/data/tessera.db
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/packages ./packages
COPY --from=build /app/apps/console/dist ./apps/console/dist
RUN ln -s /app/packages/cli/bin/tessera.js /usr/local/bin/tessera \
  && install -d -o node -g node -m 0700 /data
USER node
VOLUME /data
EXPOSE 4480
HEALTHCHECK --interval=30s --timeout=3s --start-period=15s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Not through npm: signals reach the server itself.
ENTRYPOINT ["node", "/app/packages/cli/bin/tessera.js"]
CMD ["serve"]
