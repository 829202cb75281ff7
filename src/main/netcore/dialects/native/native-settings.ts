import { ConsoleError } from '../../../../shared/errors'
import type { PasswordKeeper, PipeOptions, SessionCrypto } from '../../pipe/pipe'
import { DoublingAttemptLimit } from './session/attempt-limit'
import { passwordCredentials } from './session/credentials'
import type { NativeSessionOptions, SessionAuth } from './session/session-types'
import { CAPABILITY, type HelloSettings } from './wire/frames'
import type { Framing } from './wire/wire'

/** Chunks may be this large, on transports that lose nothing. */
export const LARGEST_CHUNK_BYTES = 64 * 1024
/** A chunk of that size with its fields, and an ACK that rides with it. */
const LARGEST_FRAME_BYTES = LARGEST_CHUNK_BYTES + 64
/** Under LEN: what a sender may have on its way, at most. */
const RECEIVE_BYTES = 1024 * 1024
const URGENT_SLOTS = 8
/** Of the reassembly memory, what a single message or subscription may fill before anybody takes it. */
const CREDIT_SHARE = 512
const LEAST_CREDIT_BYTES = 4 * 1024
const MOST_CREDIT_BYTES = 1024 * 1024
const ACK_DELAY_MS = 5
/** Fine enough for the clock, and 32 bits of it last for half a day. */
const TICK_NS = 10_000
const IDENTITY = 'netcore-console'

/** What this side is: derived once from the options of the pipe. */
export interface NativeSettings {
  readonly framing: Framing
  readonly hello: HelloSettings
  /** Slots the peer may use, urgent ones included. */
  readonly peerSlots: number
  readonly ackDelayMs: number
}

export function nativeSettings({ codec, limits, session }: PipeOptions): NativeSettings {
  const framing = codec.onDamage === 'resync' ? 'cobs' : 'len'
  const ordinarySlots = Math.max(1, limits.reassemblyMessages)
  const firstCreditBytes = Math.min(
    MOST_CREDIT_BYTES,
    Math.max(LEAST_CREDIT_BYTES, Math.floor(limits.reassemblyBytes / CREDIT_SHARE)),
  )
  const { sub, credit, alias, name, headers, clock, resume, auth, xsafe, outOfOrder, noCrc } = CAPABILITY
  const needsNoCrc = framing === 'len' && session?.hasChecksums !== true
  return {
    framing,
    peerSlots: ordinarySlots + URGENT_SLOTS,
    ackDelayMs: ACK_DELAY_MS,
    hello: {
      largestFrameBytes: LARGEST_FRAME_BYTES,
      receiveBytes: RECEIVE_BYTES,
      slots: ordinarySlots,
      urgentSlots: URGENT_SLOTS,
      firstCreditBytes,
      capabilities:
        sub |
        credit |
        alias |
        name |
        headers |
        clock |
        resume |
        auth |
        xsafe |
        outOfOrder |
        (needsNoCrc ? noCrc : 0),
      ackDelayUs: ACK_DELAY_MS * 1000,
      tickNs: TICK_NS,
      largestMessageBytes: limits.messageBytes,
      identity: session?.identity ?? IDENTITY,
    },
  }
}

/** @throws ConsoleError `OPTION_INVALID` when a password is set and nobody can compute with it. */
export function nativeSessionOptions(options: PipeOptions, hello: HelloSettings): NativeSessionOptions {
  const { session, random } = options
  return { settings: hello, random, crypto: session?.crypto ?? NO_CRYPTO, auth: authOf(options) }
}

/** What a device keeps for one password, whoever the user says to be. One for all its links. */
export const passwordKeeper = (password: string, crypto: SessionCrypto): PasswordKeeper => ({
  credentials: passwordCredentials(null, password, crypto),
  attempts: new DoublingAttemptLimit(),
})

function authOf({ session }: PipeOptions): SessionAuth {
  if (session === undefined) return { kind: 'none' }
  const { role, password, keeper, user = '', crypto } = session
  if (password === undefined && keeper === undefined) return { kind: 'none' }
  if (crypto === undefined) {
    throw new ConsoleError('OPTION_INVALID', 'a password needs cryptography, and none was given')
  }
  if (role === 'device') return { kind: 'server', ...(keeper ?? passwordKeeper(password!, crypto)) }
  if (password === undefined) return { kind: 'none' }
  return { kind: 'client', user, password }
}

const none = (): never => {
  throw new ConsoleError('INTERNAL', 'a session without password computes nothing')
}

const NO_CRYPTO: SessionCrypto = {
  sha256: none,
  hmacSha256: none,
  pbkdf2Sha256: none,
  randomBytes: none,
  equalInConstantTime: none,
}
