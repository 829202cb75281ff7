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

/** @param recorded - Opens a link, after a recording was begun where a profile asks for it. */
export const linkHandlers = (
  links: OperatorLinks,
  recorded: <T>(url: string, open: () => T) => T,
): Pick<Handlers, LinkCommand> => ({
  'link.open': ({ url }) => ({ link: links.status(recorded(url, () => links.open(url))) }),
  'link.close': async ({ linkId }) => {
    await links.close(linkId)
    return {}
  },
  'link.reopen': async ({ linkId }) => {
    await recorded(links.urlOf(linkId), () => links.reopen(linkId))
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
