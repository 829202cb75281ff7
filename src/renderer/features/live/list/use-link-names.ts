import { useMemo } from 'react'
import { useApp } from '../../../store/app-store'
import { linkWords } from '../../../store/link-words'
import { selectLinks } from '../../../store/links-slice'

/** What the links are called, by their numbers. The same map as long as no name changed: the status comes five times a second. */
export function useLinkNames(): ReadonlyMap<number, string> {
  const names = useApp((s) =>
    JSON.stringify(selectLinks(s).map((link) => [link.linkId, linkWords(link).name])),
  )
  return useMemo(() => new Map(JSON.parse(names) as [number, string][]), [names])
}
