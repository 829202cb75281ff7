import type { OperatorLinks } from '../operator-links'
import type { Handlers } from './handlers'

type LinkCommand =
  | 'link.open'
  | 'link.close'
  | 'link.reopen'
  | 'link.lines'
  | 'link.pulse'
  | 'link.break'
  | 'link.accept'
  | 'lock.set'

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
  'link.lines': async ({ linkId, dtr, rts }) => {
    await links.link(linkId).setLines({ dtr, rts })
    return {}
  },
  'link.pulse': async ({ linkId, steps }) => {
    await links.link(linkId).pulse(steps)
    return {}
  },
  'link.break': async ({ linkId, ms }) => {
    await links.link(linkId).sendBreak(ms)
    return {}
  },
  'link.accept': ({ linkId }) => {
    links.link(linkId).acceptDevice()
    return {}
  },
  'lock.set': ({ isLocked }) => {
    links.setLocked(isLocked)
    return { isLocked }
  },
})
