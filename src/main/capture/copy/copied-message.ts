import type { MessageDetail } from '../../../shared/model/views'

/** A message as it is copied, with its whole body. */
export interface CopiedMessage extends Omit<MessageDetail, 'body' | 'partner' | 'remedy'> {
  /** Borrowed; undefined when it is not (or no longer) kept as a whole. */
  readonly body: Uint8Array | undefined
  readonly note: string
  /** Text of each further column asked for. */
  readonly cells: readonly string[]
}

/** What copies need to know of the world. */
export interface CopySurroundings {
  /** When session time 0 was, in ms since 1970. */
  readonly startedAtMs: number
  /** Time of day as people read it. */
  readonly timeOfDay: (sessionMs: number) => string
  /** Address of a link, without its password; null when it is not known any more. */
  readonly urlOf: (linkId: number) => string | null
}

export const isoTime = ({ startedAtMs }: CopySurroundings, sessionMs: number): string =>
  new Date(startedAtMs + sessionMs).toISOString()
