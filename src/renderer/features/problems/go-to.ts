import type { ProblemTarget } from '../../../shared/model/problems'
import { useApp } from '../../store/app-store'
import type { Page } from '../../store/page-slice'

const PAGE_OF_KIND: Partial<Record<string, Page>> = { messages: 'send', snippets: 'send', tasks: 'tasks' }

/** Where a file of this kind is edited on the screen; undefined where it is mended in an editor of one's own. */
export const canOpen = (target: ProblemTarget): boolean =>
  target.to !== 'file' || target.kind === 'responders' || PAGE_OF_KIND[target.kind] !== undefined

/** Shows where a problem is seen, or mended. */
export function goTo(target: ProblemTarget): void {
  const { pageChosen, linkChosen, filterNarrowed, responderWished } = useApp.getState()
  switch (target.to) {
    case 'link':
      linkChosen(target.linkId)
      pageChosen('live')
      return
    case 'filter':
      filterNarrowed(target.filter, false)
      pageChosen('live')
      return
    case 'file': {
      if (target.kind === 'responders') responderWished({ wish: 'show', name: target.name })
      const page = PAGE_OF_KIND[target.kind]
      if (page !== undefined) pageChosen(page)
      return
    }
    case 'page':
      pageChosen(target.page)
  }
}
