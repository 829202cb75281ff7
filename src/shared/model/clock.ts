/** Milliseconds since the start of the session, monotonic, sub-microsecond resolution. */
export interface Clock {
  nowMs(): number
  /** Calls `fire` once, not before `atMs`. Returns a function that cancels it (harmless when it fired already). */
  schedule(atMs: number, fire: () => void): () => void
}
