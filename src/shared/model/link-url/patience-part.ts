import { type AddressQuery, badAddress } from './address-query'

/** How often a connection that was lost is tried again, and when; what is absent is as for all links. */
export interface RetryOptions {
  /** Before the first attempt. */
  readonly firstMs?: number
  /** The longest wait. */
  readonly mostMs?: number
  /** The next wait is so many times the one before. */
  readonly factor?: number
  /** After so many attempts in a row the link closes; 0 = never. */
  readonly attempts?: number
  /** Percent of each wait that chance may add. */
  readonly jitterPercent?: number
}

/** How long a link waits for its peer, for how many peers a listener has room, and how we call ourselves. */
export interface Patience {
  /** How long opening may take, and then the handshake; absent = 10 s. */
  readonly openTimeoutMs?: number
  readonly retry?: RetryOptions
  /** Silence that ends a connection, in dialects with heartbeats (`netconduit`); absent = three heartbeats. */
  readonly silenceSeconds?: number
  /** Peers that a listener takes at a time; absent = 256. */
  readonly mostPeers?: number
  /** Silence after which a sender of datagrams counts as gone, for a `udp-listen`; absent = 60 s. */
  readonly peerIdleSeconds?: number
  /** Our name on the wire, in dialects that tell one (`netconduit`, `native`). */
  readonly identity?: string
}

const MAX_OPEN_SECONDS = 600
const MAX_RETRY_MS = 3_600_000
const MAX_SILENCE_SECONDS = 4 * 3600
const MAX_LISTENER_PEERS = 10_000
const MAX_IDENTITY_LENGTH = 64
const USUAL_HEARTBEAT_SECONDS = 30

/** @throws ConsoleError `URL_BAD_OPTION`. */
export function parsePatience(query: AddressQuery, scheme: string): Patience {
  const openSeconds = query.int('wait', 0, 1, MAX_OPEN_SECONDS)
  const silenceSeconds = query.int('silence', 0, 2, MAX_SILENCE_SECONDS)
  const heartbeatSeconds = query.int('heartbeat', USUAL_HEARTBEAT_SECONDS, 1, MAX_SILENCE_SECONDS)
  if (silenceSeconds > 0 && silenceSeconds <= heartbeatSeconds) {
    throw badAddress(
      'URL_BAD_OPTION',
      `silence=${silenceSeconds} has to be longer than a heartbeat (${heartbeatSeconds})`,
    )
  }
  const mostPeers = query.int('peers', 0, 1, MAX_LISTENER_PEERS)
  if (mostPeers > 0 && !scheme.endsWith('-listen'))
    throw badAddress('URL_BAD_OPTION', 'peers belongs to a listener')
  const peerIdleSeconds = query.int('peer-idle', 0, 1, MAX_SILENCE_SECONDS)
  if (peerIdleSeconds > 0 && scheme !== 'udp-listen')
    throw badAddress('URL_BAD_OPTION', 'peer-idle belongs to a listener for datagrams')
  const identity = query.text('identity')
  if (identity.length > MAX_IDENTITY_LENGTH || /[^\x20-\x7e]/.test(identity)) {
    throw badAddress(
      'URL_BAD_OPTION',
      `identity is not a name of at most ${MAX_IDENTITY_LENGTH} ASCII characters`,
    )
  }
  const retry = parseRetry(query)
  return {
    ...(openSeconds > 0 && { openTimeoutMs: openSeconds * 1000 }),
    ...(retry && { retry }),
    ...(silenceSeconds > 0 && { silenceSeconds }),
    ...(mostPeers > 0 && { mostPeers }),
    ...(peerIdleSeconds > 0 && { peerIdleSeconds }),
    ...(identity !== '' && { identity }),
  }
}

function parseRetry(query: AddressQuery): RetryOptions | undefined {
  const firstMs = query.int('retry', 0, 10, MAX_RETRY_MS)
  const mostMs = query.int('retry-max', 0, 10, MAX_RETRY_MS)
  const factor = query.number('retry-factor', 0, 1, 10)
  const attempts = query.int('retries', 0, 0, 1_000_000)
  const jitterPercent = query.int('retry-jitter', 0, 0, 100)
  if (firstMs > 0 && mostMs > 0 && mostMs < firstMs)
    throw badAddress('URL_BAD_OPTION', `retry-max=${mostMs} is less than retry=${firstMs}`)
  const retry = {
    ...(firstMs > 0 && { firstMs }),
    ...(mostMs > 0 && { mostMs }),
    ...(factor > 0 && { factor }),
    ...(attempts > 0 && { attempts }),
    ...(jitterPercent > 0 && { jitterPercent }),
  }
  return Object.keys(retry).length > 0 ? retry : undefined
}

export function putPatience(
  {
    openTimeoutMs = 0,
    retry = {},
    silenceSeconds = 0,
    mostPeers = 0,
    peerIdleSeconds = 0,
    identity = '',
  }: Patience,
  put: (key: string, value: string | number, fallback: string | number) => void,
): void {
  put('wait', openTimeoutMs / 1000, 0)
  put('silence', silenceSeconds, 0)
  put('peers', mostPeers, 0)
  put('peer-idle', peerIdleSeconds, 0)
  put('identity', identity, '')
  put('retry', retry.firstMs ?? 0, 0)
  put('retry-max', retry.mostMs ?? 0, 0)
  put('retry-factor', retry.factor ?? 0, 0)
  put('retries', retry.attempts ?? 0, 0)
  put('retry-jitter', retry.jitterPercent ?? 0, 0)
}
