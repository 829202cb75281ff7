import { ERROR_CATALOGUE } from '../../../shared/errors'
import { state } from './finding-state'
import type { Check, Finding } from './problem-facts'
import { shortBytes, shortMs } from './problem-words'

/** Silence of this length after connecting is worth a word. */
export const SILENT_AFTER_MS = 5000
/** Fewer bytes than this may still become a first frame. */
export const MIN_STRANGE_BYTES = 256

/** Connected, and nothing comes, or nothing that makes sense. */
export const checkSilence: Check = ({ links, tally, nowMs }) =>
  links.flatMap((link): Finding[] => {
    const { linkId, title, phase, phaseSinceMs, scheme, baud, dialect, bytesOut } = link
    const forMs = nowMs - phaseSinceMs
    if (phase !== 'connected' || forMs < SILENT_AFTER_MS) return []
    const bytes = tally.bytesIn(linkId)
    if (bytes === 0) {
      if (scheme !== 'serial' && bytesOut === 0) return [] // who does not ask gets no answer
      return [
        {
          ...state(`no-data:${linkId}`, 'no-data', 'warning'),
          title: `Nothing comes from ${title}`,
          cause: `Open for ${shortMs(forMs)}, 0 B received, ${shortBytes(bytesOut)} sent.`,
          remedy:
            scheme === 'serial'
              ? `Check that TX and RX are crossed, that the speed is ${baud ?? 'right'} baud on both sides, and that the board is not held in reset.`
              : 'Check that the program on the other side reads and answers on this connection.',
          target: { to: 'link', linkId },
        },
      ]
    }
    if (dialect === 'raw' || bytes < MIN_STRANGE_BYTES || tally.framesIn(linkId) > 0) return []
    return [
      {
        ...state(`no-frames:${linkId}`, 'no-frames', 'warning'),
        title: `Bytes but no frames from ${title}`,
        cause: `${shortBytes(bytes)} received in ${shortMs(forMs)}, 0 frames of the dialect ${dialect}.`,
        remedy: strangeBytesRemedy(baud),
        target: { to: 'page', page: 'terminal' },
      },
    ]
  })

/**
 * A stream that loses nothing is given up at the first bytes that make no sense, and opened again: then no connection
 * stands long enough to be called strange, and it is the end of each that tells.
 */
export const checkUnreadable: Check = ({ links, tally }) =>
  links.flatMap(({ linkId, title, phase, problem, dialect, baud }): Finding[] => {
    const isGivenUp = phase === 'waiting' || phase === 'reconnecting' || phase === 'interrupted'
    if (!isGivenUp || problem === null || tally.framesIn(linkId) > 0) return []
    if (ERROR_CATALOGUE[problem.code].layer !== 'framing') return []
    return [
      {
        ...state(`no-frames:${linkId}`, 'no-frames', 'warning'),
        title: `Bytes but no frames from ${title}`,
        cause: `${shortBytes(tally.bytesIn(linkId))} received, 0 frames of the dialect ${dialect}: ${problem.message} (${problem.code}).`,
        remedy: strangeBytesRemedy(baud),
        target: { to: 'page', page: 'terminal' },
      },
    ]
  })

const strangeBytesRemedy = (baud: number | null): string =>
  baud === null
    ? 'Look at the bytes in the terminal: text means another dialect (raw), anything else another program or port.'
    : `Look at the bytes in the terminal: text means another dialect (raw), noise another speed than ${baud} baud.`
