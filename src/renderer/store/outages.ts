import type { LinkStatus } from '../../shared/model/views'

/** A time during which a link was down, from the first sign to the connection that stands again. Session times. */
export interface Outage {
  readonly linkId: number
  readonly fromMs: number
  /** Null while it lasts. */
  readonly toMs: number | null
}

const DOWN: ReadonlySet<string> = new Set(['interrupted', 'waiting', 'reconnecting'])

export const isDown = ({ phase }: LinkStatus): boolean => DOWN.has(phase)

/** The outages after one more status: at most one of a link, the last; those of links that were closed are over and told. */
export function stepOutages(outages: readonly Outage[], links: readonly LinkStatus[]): readonly Outage[] {
  const next = links.flatMap((link): Outage[] => {
    const known = outages.find(({ linkId }) => linkId === link.linkId)
    const isOpen = known !== undefined && known.toMs === null
    if (isDown(link)) {
      return [isOpen ? known : { linkId: link.linkId, fromMs: link.phaseSinceMs, toMs: null }]
    }
    if (known === undefined || link.phase === 'closed' || link.phase === 'idle') return []
    if (isOpen && link.phase === 'connected') return [{ ...known, toMs: link.phaseSinceMs }]
    return [known]
  })
  const isSame = next.length === outages.length && next.every((outage, at) => outage === outages[at])
  return isSame ? outages : next
}
