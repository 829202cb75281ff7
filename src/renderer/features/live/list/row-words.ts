import type { ListMessage } from '../../../../shared/model/list-view'
import type { MessageRow } from '../../../../shared/model/views'
import { formatClock, groupDigits } from '../../../ui/format'
import { kindWord } from '../../../ui/kind-word'
import { statusLook } from '../../../ui/status-look'
import { texts } from '../../../ui/texts'
import { revealLine } from '../../../ui/visible-text'
import { listTexts as t } from './texts'

/** One row as one sentence, for people who hear the list. */
export function rowSentence(
  row: MessageRow & Partial<Pick<ListMessage, 'isMarked' | 'note' | 'depth'>>,
  startedAtMs: number,
): string {
  const { id, openedMs, dir, route, bodyBytes, isMarked = false, note = '', depth = 0 } = row
  const kind = kindWord(row)
  const name = route === '' ? kind : `${revealLine(route)} ${kind}`
  const what = `#${id} ${formatClock(startedAtMs, openedMs)}, ${texts.list.dir[dir]} ${name}, ${groupDigits(bodyBytes)} bytes`
  const parts = [texts.list.sentence(what, statusLook(row).words)]
  if (depth > 0) parts.push(t.isAnswer)
  if (isMarked) parts.push(t.marked)
  if (note !== '') parts.push(t.noted(revealLine(note)))
  return parts.join(', ')
}
