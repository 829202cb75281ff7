import type { MessageRow } from '../../../../shared/model/views'
import { formatClock, groupDigits } from '../../../ui/format'
import { statusLook } from '../../../ui/status-look'
import { texts } from '../../../ui/texts'
import { revealLine } from '../../../ui/visible-text'

/** One row as one sentence, for people who hear the list. */
export function rowSentence(row: MessageRow, startedAtMs: number): string {
  const { id, openedMs, dir, route, kind, bodyBytes } = row
  const name = route === '' ? texts.list.kind[kind] : `${revealLine(route)} ${texts.list.kind[kind]}`
  const what = `#${id} ${formatClock(startedAtMs, openedMs)}, ${texts.list.dir[dir]} ${name}, ${groupDigits(bodyBytes)} bytes`
  return texts.list.sentence(what, statusLook(row).words)
}
