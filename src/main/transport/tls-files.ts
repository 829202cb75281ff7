import { readFile } from 'node:fs/promises'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import { ConsoleError } from '../../shared/errors'
import type { TlsSettings } from '../../shared/model/link-url'

/**
 * The PEM files that an address names, tried; TLS 1.2 or newer.
 *
 * @throws (rejects) ConsoleError `FILE_UNREADABLE`, `TLS_FAILED` for what is no certificate or key, or no pair of them.
 */
export async function secureContext({ ca, cert, key }: TlsSettings): Promise<SecureContextOptions> {
  const [caText, certText, keyText] = await Promise.all([ca, cert, key].map(readPem))
  const options: SecureContextOptions = {
    minVersion: 'TLSv1.2',
    ...(caText && { ca: caText }),
    ...(certText && { cert: certText }),
    ...(keyText && { key: keyText }),
  }
  try {
    createSecureContext(options)
    return options
  } catch (cause) {
    const files = [ca, cert, key].filter((path) => path !== undefined).join(', ')
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new ConsoleError('TLS_FAILED', `${files} can not be used: ${why}`, {}, { cause })
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
