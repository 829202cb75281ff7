import type { OperatorLinks } from '../operator-links'
import type { Handlers } from './handlers'

type LinkCommand = 'link.open' | 'link.close' | 'link.reopen'

export const linkHandlers = (links: OperatorLinks): Pick<Handlers, LinkCommand> => ({
  'link.open': ({ url }) => ({ link: links.status(links.open(url)) }),
  'link.close': async ({ linkId }) => {
    await links.close(linkId)
    return {}
  },
  'link.reopen': ({ linkId }) => {
    links.reopen(linkId)
    return {}
  },
})
