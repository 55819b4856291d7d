import { newSecrets } from './secrets.ts';

/** Prints new secrets as docker-compose.yml reads them from `.env`. */
const { postgresPassword, redisPassword, ...options } = newSecrets();
const env = { ...options, POSTGRES_PASSWORD: postgresPassword, REDIS_PASSWORD: redisPassword };
for (const [name, value] of Object.entries(env)) console.log(`${name}='${value}'`);
