/** What every request carries through our handlers. */
export type AppEnv = { Variables: { requestId: string } };
