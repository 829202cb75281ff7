/** What a command may touch of the process. Tests hand in their own. */
export interface CliIo {
  readonly stdout: (chunk: string | Uint8Array) => void
  readonly stderr: (text: string) => void
  /** Standard error is a terminal: progress may be shown there. Left out: it is not. */
  readonly isTerminal?: boolean
  readonly stdin: AsyncIterable<Uint8Array>
  /** Aborts on SIGINT and SIGTERM, and when nobody reads standard output any more: end cleanly, that is no failure. */
  readonly signal: AbortSignal
  readonly env: Readonly<Record<string, string | undefined>>
}
