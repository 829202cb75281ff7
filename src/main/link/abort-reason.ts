/** Why a signal aborted, as an error that can be thrown. */
export const abortReason = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : new Error('stopped on request')
