FROM node:24-slim AS build
WORKDIR /mull
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --omit=optional --ignore-scripts

FROM node:24-alpine
WORKDIR /mull
ENV NODE_ENV=production HOST=0.0.0.0 MULL_SEARCH=false
COPY --from=build /mull/package.json ./
COPY --from=build /mull/tiny-r1/tiny-r1.bin tiny-r1/
COPY --from=build /mull/node_modules node_modules
COPY --from=build /mull/dist dist
USER node
EXPOSE 8787
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8787}/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/cli.js"]
