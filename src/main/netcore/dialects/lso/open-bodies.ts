/** Data packets up to this size are taken as they are: the pipe judges whether they fit. */
const ALWAYS_PLAUSIBLE_BYTES = 8192
/** One packet of data that came before its head: far more than senders put into one. */
const EARLY_BYTES = 65_536
const MAX_REFS = 1024

/**
 * How many bytes each open message still lacks. On a line that damages bytes this exposes a damaged length field at
 * once: without it a data packet that seems to have megabytes would swallow everything sent for minutes.
 */
export class OpenBodies {
  readonly #missing = new Map<string, number>()

  open(ref: string, declaredBytes: number): void {
    this.#missing.delete(ref)
    if (declaredBytes === 0) return
    if (this.#missing.size >= MAX_REFS) {
      for (const oldest of this.#missing.keys()) {
        this.#missing.delete(oldest)
        break
      }
    }
    this.#missing.set(ref, declaredBytes)
  }

  advance(ref: string, bytes: number): void {
    const missing = this.#missing.get(ref)
    if (missing === undefined) return
    if (bytes >= missing) this.#missing.delete(ref)
    else this.#missing.set(ref, missing - bytes)
  }

  close(ref: string): void {
    this.#missing.delete(ref)
  }

  clear(): void {
    this.#missing.clear()
  }

  isImplausible(ref: string, bytes: number): boolean {
    if (bytes <= ALWAYS_PLAUSIBLE_BYTES) return false
    return bytes > (this.#missing.get(ref) ?? EARLY_BYTES)
  }
}
