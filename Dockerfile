# One image for every process of ours: docker-compose.yml says which one a container runs.
FROM node:24-slim AS manifests
WORKDIR /app
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY shared/package.json shared/
COPY gateway/package.json gateway/
COPY booking-core/package.json booking-core/
COPY loadtest/package.json loadtest/

FROM manifests AS pages
RUN npx -y pnpm@12.21.0 install --frozen-lockfile
COPY . .
RUN npx -y pnpm@12.21.0 --filter @onsale/gateway web

FROM manifests
ENV NODE_ENV=production
RUN npx -y pnpm@12.21.0 install --frozen-lockfile --prod --no-optional && rm -rf /root/.npm /root/.local
COPY . .
COPY --from=pages /app/gateway/web/dist gateway/web/dist
USER node
EXPOSE 3000
CMD ["node", "gateway/src/main.ts"]
