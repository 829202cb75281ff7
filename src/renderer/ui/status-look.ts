import type { MessageRow } from '../../shared/model/views'
import type { IconName } from './icons'
import { texts } from './texts'

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
