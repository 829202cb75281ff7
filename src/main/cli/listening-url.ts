import { formatLinkUrl, type LinkAddress } from '../../shared/model/link-url'

/** The address with the dialect spelled out, so that whoever reads it need not know the default. */
export function listeningUrl(address: LinkAddress): string {
  const text = formatLinkUrl(address)
  if (/[?&]dialect=/.test(text)) return text
  const [target, query] = text.split('?')
  return `${target}?dialect=${address.dialect}${query === undefined ? '' : `&${query}`}`
}
