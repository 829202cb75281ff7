import type { LinkAddress } from '../../../shared/model/link-url'
import type { Profile } from '../../../shared/model/views'
import type { LinkHandle } from '../../link/links'
import type { NameFacts } from '../../recording/library/name-pattern'
import { linkWords } from '../link-title'

export type LinkFacts = Omit<NameFacts, 'startedAt'> & { readonly url: string }

/** What a recording says of the link that it was made of. */
export function factsOfAddress(address: LinkAddress, profile: string): LinkFacts {
  const { name, proto } = linkWords(address) ?? { name: '', proto: '' }
  return { device: name, profile, protocol: proto, url: address.text }
}

/** The same of all links that are not closed: of the first, with the number of the others. */
export function factsOfLinks(links: readonly LinkHandle[], profiles: readonly Profile[]): LinkFacts {
  const own = links.filter(({ phase, parentId }) => phase !== 'closed' && parentId === null)
  const [first, ...others] = own
  if (first === undefined) return { device: 'session', profile: '', protocol: '', url: '' }
  const profile = profiles.find(({ url }) => url === first.address.text)?.name ?? ''
  const facts = factsOfAddress(first.address, profile)
  return others.length === 0 ? facts : { ...facts, device: `${facts.device} +${others.length}` }
}
