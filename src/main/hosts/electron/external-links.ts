/** Hosts a link may lead to in the system's browser. */
export const EXTERNAL_HOSTS: readonly string[] = [
  'pypi.org', // the Python package of Netcore, named in the help
]

/**
 * The address to hand to the system's browser, written anew by the parser, or undefined when the link is refused: only
 * `https:` without credentials or port, to a host of the list, compared whole.
 */
export function externalUrl(text: string, hosts: readonly string[] = EXTERNAL_HOSTS): string | undefined {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return undefined
  }
  const isPlain = url.username === '' && url.password === '' && url.port === ''
  return url.protocol === 'https:' && isPlain && hosts.includes(url.hostname) ? url.href : undefined
}
