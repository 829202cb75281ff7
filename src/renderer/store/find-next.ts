import { compileFilter } from '../../shared/filter'
import { useApp } from './app-store'
import { selectOnly } from './row-selection'
import type { Session } from './session'

/** What is looked for: what stands in the find bar, else the filter of the bar. Empty for nothing. */
function wantedText(): string {
  const { filters, drafts } = useApp.getState()
  const written = drafts.find.text.trim()
  if (written !== '' && compileFilter(written).ok) return written
  return filters.rule.filter
}

/**
 * Selects the next match after (1) or before (-1) the row the keyboard is at, around the end if need be; without such a row
 * the newest. With nothing to look for the bar asks for it. What came of it stands in the store.
 */
export async function findNext(session: Session, direction: 1 | -1): Promise<void> {
  const { listed, rowSelection, listEpoch, barModeChosen, findEnded, messageSelected, rowsSelected } =
    useApp.getState()
  const text = wantedText()
  if (text === '') {
    barModeChosen('find')
    return
  }
  const { cursor } = rowSelection
  const around = direction === 1 ? listed.first - 1 : listed.end
  try {
    const [from, first] = cursor === null ? ([listed.end, -1] as const) : ([cursor, direction] as const)
    const near = await session.rows.find(text, from, first)
    const hit = near ?? (cursor === null ? null : await session.rows.find(text, around, direction))
    findEnded(hit === null ? 'none' : near === null ? 'wrapped' : 'found')
    if (hit === null) return
    // in another list by now, it stands elsewhere: its number is what counts
    if (useApp.getState().listEpoch === listEpoch) rowsSelected(selectOnly(hit.position))
    messageSelected(hit.messageId, 'find')
  } catch {
    findEnded('none') // the link of screen and core tells of its own end
  }
}
