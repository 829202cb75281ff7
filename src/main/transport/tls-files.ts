import { readFile } from 'node:fs/promises'
import type { SecureContextOptions } from 'node:tls'
import { ConsoleError } from '../../shared/errors'
import type { TlsSettings } from '../../shared/model/link-url'

/**
 * The PEM files that an address names; TLS 1.2 or newer.
 *
 * @throws ConsoleError `FILE_UNREADABLE`.
 */
export async function secureContext({ ca, cert, key }: TlsSettings): Promise<SecureContextOptions> {
  const [caText, certText, keyText] = await Promise.all([ca, cert, key].map(readPem))
  return {
    minVersion: 'TLSv1.2',
    ...(caText && { ca: caText }),
    ...(certText && { cert: certText }),
    ...(keyText && { key: keyText }),
  }
}

async function readPem(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new ConsoleError('FILE_UNREADABLE', `${path} can not be read`, {}, { cause })
  }
}
