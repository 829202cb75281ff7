import type { LineRate } from '../../../shared/model/line-rate'
import { type LinkAddress, parseLinkUrl } from '../../../shared/model/link-url'
import { lineRateOf } from '../../link/line-settings'

/** The address that a recording names; undefined for one that means nothing here: files may come from anybody. */
export function addressOfUrl(url: string): LinkAddress | undefined {
  try {
    return parseLinkUrl(url)
  } catch {
    return undefined
  }
}

/** Speed of the line behind an address; null where nobody knows it. */
export function lineRateOfUrl(url: string): LineRate | null {
  const address = addressOfUrl(url)
  return (address && lineRateOf(address)) ?? null
}
