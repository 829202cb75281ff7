import { useEffect } from 'react'
import { useApp } from '../store/app-store'
import { linkWords } from '../store/link-words'
import { selectLinks } from '../store/links-slice'
import type { Outage } from '../store/outages'
import { formatDuration } from '../ui/format'
import { texts } from '../ui/texts'

/** Says that a link is back. That it is down stands in place, as long as it is. Shows nothing itself. */
export function LinkToasts(): null {
  useEffect(
    () =>
      useApp.subscribe(({ outages }, before) => {
        if (outages === before.outages) return
        for (const outage of outages) {
          if (outage.toMs === null) continue
          const known = before.outages.find(({ linkId }) => linkId === outage.linkId)
          if (known?.toMs === null) told(outage, outage.toMs)
        }
      }),
    [],
  )
  return null
}

function told({ linkId, fromMs }: Outage, toMs: number): void {
  const state = useApp.getState()
  const link = selectLinks(state).find((candidate) => candidate.linkId === linkId)
  if (link === undefined) return
  state.toasted({
    key: `link:${linkId}`,
    tone: 'ok',
    text: texts.link.back(linkWords(link).name),
    detail: texts.link.backAfter(formatDuration(toMs - fromMs)),
  })
}
