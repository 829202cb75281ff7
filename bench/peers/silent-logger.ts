/** A logger of libp2p that says nothing. */
export interface SilentLogger {
  (): void
  readonly enabled: boolean
  trace(): void
  error(): void
  newScope(): SilentLogger
}

export const logger: SilentLogger = Object.assign(() => undefined, {
  enabled: false,
  trace: () => undefined,
  error: () => undefined,
  newScope: () => logger,
})
