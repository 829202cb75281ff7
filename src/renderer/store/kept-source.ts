import { LIVE_SOURCE } from '../../shared/contract/envelope'

const PATTERN = /^#source=(\d{1,9})$/

/** What this window looked at: it stands in its address, so that a reload finds it again and another window may look elsewhere. */
export const keptSource = (): number =>
  typeof location === 'undefined' ? LIVE_SOURCE : Number(PATTERN.exec(location.hash)?.[1] ?? LIVE_SOURCE)

export function keepSource(source: number): void {
  if (typeof history === 'undefined') return
  const { pathname, search } = location
  history.replaceState(null, '', source === LIVE_SOURCE ? pathname + search : `#source=${source}`)
}
