import type { CommandReply } from '../../../../shared/contract/replies'
import { MAX_COPIED_MESSAGES } from '../../../../shared/contract/checks/messages'
import type { ContractClient } from '../../../../shared/contract/contract-client'
import { type CopyShape, MAX_LIST_ROWS } from '../../../../shared/model/list-view'
import type { RowSelection } from '../../../store/row-selection'
import { contractView, type RowSource } from '../../../store/row-source'

/**
 * The text of the selected rows, made by the core from what it has captured, whatever is on screen. One range is asked for
 * as such; several are asked for by their messages, so that the text has one head and one order.
 */
export async function copiedText(
  client: ContractClient,
  rows: RowSource,
  fields: readonly string[],
  { ranges }: RowSelection,
  shape: CopyShape,
): Promise<CommandReply<'list.copy'>> {
  const common = { view: contractView(rows.view), shape, fields: [...fields] }
  const [only] = ranges
  if (only !== undefined && ranges.length === 1) {
    return client.call('list.copy', { ...common, from: only.from, to: only.to })
  }
  const messageIds = await idsOf(rows, ranges)
  const copied = await client.call('list.copy', {
    ...common,
    messageIds: messageIds.slice(0, MAX_COPIED_MESSAGES),
  })
  return { ...copied, isTruncated: copied.isTruncated || messageIds.length > MAX_COPIED_MESSAGES }
}

async function idsOf(rows: RowSource, ranges: RowSelection['ranges']): Promise<number[]> {
  const ids: number[] = []
  for (const { from, to } of ranges) {
    for (let at = from; at < to && ids.length <= MAX_COPIED_MESSAGES; at += MAX_LIST_ROWS) {
      const reply = await rows.rowsAt(at, Math.min(MAX_LIST_ROWS, to - at))
      for (const row of reply?.rows ?? []) if (row.row === 'message') ids.push(row.id)
    }
  }
  return ids
}
