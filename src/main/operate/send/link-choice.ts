import { ConsoleError } from '../../../shared/errors'
import { type LinkAddress, parseLinkUrl } from '../../../shared/model/link-url'
import type { LinkHandle, Links } from '../../link/links'

/** What names of links mean beside the links that there are. */
export interface LinkNames {
  /** Name of a link, as filters say it. */
  readonly nameOf: (address: LinkAddress) => string
  /** Address of a profile; undefined when there is none of this name. */
  readonly profileUrl: (name: string) => string | undefined
}

/**
 * The link that somebody means: by number, by its name or the name of its profile, or, without a name, the one that is
 * connected. Of several with the same name the one that is connected.
 *
 * @throws ConsoleError `LINK_UNKNOWN` (also when several could be meant), `LINK_NOT_CONNECTED` (none is, or it only listens).
 */
export function chooseLink(links: Links, link: number | string, names: LinkNames): LinkHandle {
  if (typeof link === 'number') {
    links.link(link) // says what is wrong with a listener
    return links.get(link)
  }
  const candidates = links.all().filter(({ link: own }) => own !== null)
  if (link === '') return only(candidates.filter(isConnected), candidates.length > 0, names)
  const wanted = link.toLowerCase()
  const profile = addressText(names.profileUrl(link))
  const named = candidates.filter(
    ({ address }) =>
      names.nameOf(address).toLowerCase() === wanted || address.text === link || address.text === profile,
  )
  const connected = named.filter(isConnected)
  const [first, second] = connected.length > 0 ? connected : named
  if (first === undefined) {
    const remedy = `Connect it first. Links now: ${words(candidates, names) || 'none'}.`
    throw new ConsoleError('LINK_UNKNOWN', `there is no link "${link}"`, { remedy })
  }
  if (second === undefined) return first
  throw new ConsoleError('LINK_UNKNOWN', `several links are called "${link}"`, {
    remedy: 'Give each link a name of its own, with name= in its address.',
  })
}

function only(connected: readonly LinkHandle[], isAny: boolean, names: LinkNames): LinkHandle {
  const [first, second] = connected
  if (first === undefined) {
    throw new ConsoleError('LINK_NOT_CONNECTED', isAny ? 'no link is connected' : 'there is no link')
  }
  if (second === undefined) return first
  const remedy = `Say which one: ${words(connected, names)}.`
  throw new ConsoleError('LINK_UNKNOWN', `${connected.length} links are connected`, { remedy })
}

const isConnected = ({ phase }: LinkHandle): boolean => phase === 'connected'

const words = (handles: readonly LinkHandle[], { nameOf }: LinkNames): string =>
  handles.map(({ address }) => nameOf(address)).join(', ')

/** Addresses are told apart without their passwords. */
function addressText(url: string | undefined): string | undefined {
  if (url === undefined) return undefined
  try {
    return parseLinkUrl(url).text
  } catch {
    return undefined
  }
}
