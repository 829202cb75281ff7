import type { LinkStatus } from '../../shared/model/views'
import { texts } from '../ui/texts'

/** Silence of this length after connecting is worth a word. */
const QUIET_AFTER_MS = 5000
/** Fewer bytes than this may still become a first message. */
const MIN_STRANGE_BYTES = 256

export type Quiet =
  | { readonly kind: 'none' }
  /** Nothing came at all. */
  | { readonly kind: 'silent'; readonly forMs: number }
  /** Bytes came, but no message is among them. */
  | { readonly kind: 'strange'; readonly bytes: number }

const NONE: Quiet = { kind: 'none' }

/**
 * Whether a link that is connected shows nothing.
 *
 * @param messages - Messages captured so far, on all links.
 */
export function quietOf(link: LinkStatus | undefined, messages: number, nowMs: number): Quiet {
  if (link?.phase !== 'connected' || messages > 0) return NONE
  const forMs = nowMs - link.phaseSinceMs
  if (forMs < QUIET_AFTER_MS) return NONE
  if (link.bytesIn === 0) return { kind: 'silent', forMs }
  return link.dialect !== 'raw' && link.bytesIn >= MIN_STRANGE_BYTES
    ? { kind: 'strange', bytes: link.bytesIn }
    : NONE
}

/** What keeps a link silent, the likeliest first. */
export function quietCauses({ scheme, baud, lines, isListenOnly }: LinkStatus): readonly string[] {
  const t = texts.quiet.causes
  const askFirst = isListenOnly ? t.listenOnly : t.askFirst
  if (scheme !== 'serial') return [askFirst, t.otherProgram]
  const held = lines?.cts === false ? [t.cts] : []
  return [...held, t.speed(baud ?? 0), t.wires, t.reset, askFirst]
}
