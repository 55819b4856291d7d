/** An error as it is logged: never its other fields, which may carry what somebody typed (a SQL error's `detail`). */
function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  return {
    name,
    message,
    stack,
    ...(typeof code === 'string' ? { code } : {}),
    ...(cause === undefined ? {} : { cause: errorFields(cause) }),
  };
}

/**
 * Options of every process's logger (pino). Names, mails, addresses, tokens and cookies are not logged at all by our
 * code; the redaction is a second wall for what a library may hand us.
 */
export const logOptions = (name: string, level: string) => ({
  name,
  level,
  base: { name },
  timestamp: () => `,"time":"${new Date().toISOString()}"`,
  serializers: { error: errorFields },
  redact: {
    paths: [
      '*.authorization',
      '*.cookie',
      '*.email',
      '*.name_on_card',
      '*.token',
      '*.password',
      'error.config',
      'error.parameters',
    ],
    censor: '…',
  },
});
