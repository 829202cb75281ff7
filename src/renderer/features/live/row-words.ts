import type { MessageRow } from '../../../shared/model/views'
import { formatClock, groupDigits } from '../../ui/format'
import type { IconName } from '../../ui/icons'
import { texts } from '../../ui/texts'
import { revealLine } from '../../ui/visible-text'

/** How the state of a message looks and reads: in the list, the inspector and the composer. */
export interface StatusLook {
  readonly icon: IconName
  readonly tone: 'ok' | 'warn' | 'err' | null
  readonly words: string
  /** Share done of a message under way, 0 to 1; null when there is nothing to measure. */
  readonly progress: number | null
}

const MEASURED_BYTES = 1024

export function statusLook(row: MessageRow): StatusLook {
  const words = texts.list.status[row.status]
  switch (row.status) {
    case 'queued':
    case 'waiting':
      return { icon: 'wait', tone: null, words, progress: null }
    case 'sending':
    case 'receiving': {
      // a small message is there before anybody could read how much of it is
      const progress = row.bodyBytes >= MEASURED_BYTES ? Math.min(1, row.doneBytes / row.bodyBytes) : null
      return { icon: 'wait', tone: null, words, progress }
    }
    case 'sent':
    case 'answered':
    case 'received':
      return row.code === null
        ? { icon: 'check', tone: 'ok', words, progress: null }
        : {
            icon: 'x',
            tone: 'err',
            words: texts.list.failed[row.code] ?? texts.list.saidError,
            progress: null,
          }
    case 'cancelled':
      return { icon: 'x', tone: 'warn', words, progress: null }
    case 'interrupted':
      return { icon: 'unplug', tone: 'warn', words, progress: null }
    case 'timeout':
    case 'failed': {
      const because = row.code === null ? undefined : texts.list.failed[row.code]
      return { icon: 'x', tone: 'err', words: because ?? words, progress: null }
    }
  }
}

/** One row as one sentence, for people who hear the list. */
export function rowSentence(row: MessageRow, startedAtMs: number): string {
  const { id, openedMs, dir, route, kind, bodyBytes } = row
  const name = route === '' ? texts.list.kind[kind] : `${revealLine(route)} ${texts.list.kind[kind]}`
  const what = `#${id} ${formatClock(startedAtMs, openedMs)}, ${texts.list.dir[dir]} ${name}, ${groupDigits(bodyBytes)} bytes`
  return texts.list.sentence(what, statusLook(row).words)
}
