/** Everything that can grow, with the defaults of design.md §9 and netcore-lso.md §12. */
export interface StackLimits {
  readonly messageBytes: number
  readonly reassemblyMessages: number
  readonly reassemblyBytes: number
  readonly reassemblyIdleMs: number
  readonly queuedBytes: number
  readonly pendingRequests: number
  readonly requestTimeoutMs: number
  readonly earlyBytesPerMessage: number
  readonly earlyBytes: number
  readonly earlyMs: number
  readonly rememberedRefs: number
  readonly rememberedMs: number
}

const KIB = 1024
const MIB = 1024 * KIB

/** Largest message where large bodies need not be in memory (design.md §9). */
export const LARGEST_MESSAGE_BYTES = 2048 * MIB

/** Defaults of design.md §9, completed by netcore-lso.md §12. */
export const DEFAULT_LIMITS: StackLimits = {
  messageBytes: 256 * MIB,
  reassemblyMessages: 1024,
  reassemblyBytes: 512 * MIB,
  reassemblyIdleMs: 30_000,
  queuedBytes: 64 * MIB,
  pendingRequests: 10_000,
  requestTimeoutMs: 30_000,
  // On a busy machine the Python sender is kept from its head for milliseconds while its other thread sends chunk after
  // chunk of the message: hundreds of KiB.
  earlyBytesPerMessage: 4 * MIB,
  earlyBytes: 8 * MIB,
  earlyMs: 1000,
  rememberedRefs: 4096,
  rememberedMs: 60_000,
}

/**
 * A class of messages that was passed over this long counts as one class more urgent. Long against the time of a chunk,
 * so that priorities mean something; short against the patience of a person who waits for a bulk transfer.
 */
export const DEFAULT_AGING_MS = 1000

/** How long an urgent message may have to wait on the line, where chunk sizes follow the line. */
export const DEFAULT_LATENCY_TARGET_MS = 40
