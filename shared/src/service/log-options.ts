/**
 * Options of every process's logger (pino). Names, mails, addresses, tokens and cookies are not logged at all by our
 * code; the redaction is a second wall for what a library may hand us.
 */
export const logOptions = (name: string, level: string) => ({
  name,
  level,
  base: { name },
  timestamp: () => `,"time":"${new Date().toISOString()}"`,
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
