import type { ContractClient } from '../../../shared/contract/contract-client'
import { useApp } from '../../store/app-store'
import { nearestPoint, type PointData } from './point-data'

const EVERY_MESSAGE = { filter: '', marks: [], order: 'time' } as const

/** The message of the point nearest to a moment, over all series of a plot. */
export function messageOfPoint(series: readonly PointData[], atMs: number): number | null {
  let found: number | null = null
  let nearestMs = Number.POSITIVE_INFINITY
  for (const points of series) {
    const at = nearestPoint(points, atMs)
    if (at < 0 || Math.abs(points.atMs[at]! - atMs) >= nearestMs) continue
    nearestMs = Math.abs(points.atMs[at]! - atMs)
    found = points.messageIds[at]!
  }
  return found
}

/** The message that appeared nearest to a moment; null when there is none. */
export async function messageAt(client: ContractClient, atMs: number): Promise<number | null> {
  const view = { ...EVERY_MESSAGE, marks: [] }
  const { position } = await client.call('list.at', { view, atMs: Math.max(0, atMs) })
  if (position === null) return null
  const { rows } = await client.call('list.rows', {
    view,
    from: Math.max(0, position - 2),
    count: 5,
    fields: [],
  })
  let found: number | null = null
  let nearestMs = Number.POSITIVE_INFINITY
  for (const row of rows) {
    if (row.row !== 'message') continue
    const distanceMs = Math.abs(row.openedMs - atMs)
    if (distanceMs >= nearestMs) continue
    nearestMs = distanceMs
    found = row.id
  }
  return found
}

/** Selects a message everywhere and shows it on the live page. */
export function showMessage(messageId: number): void {
  const { listFollowChanged, messageSelected, pageChosen } = useApp.getState()
  listFollowChanged(false)
  messageSelected(messageId, 'inspector')
  pageChosen('live')
  requestAnimationFrame(() => document.querySelector<HTMLElement>('.list-grid')?.focus())
}
