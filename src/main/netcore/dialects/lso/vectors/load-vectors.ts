import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fromHex } from '../../../../../shared/bytes'

/**
 * Golden vectors captured from the real Python Netcore 0.1.3. Test helper: no code of the program imports it.
 * `info` values come from JSON.parse: integers above 2^53 are not exact there, the packets' hex is.
 */
export interface GoldenVector {
  readonly name: string
  readonly description: string
  /** `python-sends`: Python turned API calls into bytes. `python-receives`: bytes were fed to Python. */
  readonly direction: 'python-sends' | 'python-receives'
  readonly input?: { readonly api: string; readonly calls: readonly GoldenCall[] }
  readonly fed?: { readonly stream: GoldenStream }
  readonly sent: {
    readonly stream: GoldenStream
    /** Complete missions in completion order. */
    readonly messages: readonly GoldenMessage[]
    readonly unfinished: readonly { readonly extension: string; readonly declared: number }[]
    readonly cancelled: readonly string[]
  }
  readonly observed?: {
    readonly delivered?: readonly GoldenDelivery[]
    readonly callbacks?: readonly Record<string, unknown>[]
  }
}

export interface GoldenStream {
  readonly total_bytes: number
  readonly sha256: string
  readonly packets: readonly GoldenPacket[]
}

export interface GoldenPacket {
  readonly kind: string
  readonly offset: number
  readonly length: number
  readonly extension_text: string
  readonly meta_length: number
  readonly meta_text?: string
  readonly hex: string
}

export interface GoldenMessage {
  readonly extension: string
  readonly info: Readonly<Record<string, unknown>>
  readonly body_length: number
  readonly body_sha256: string
  readonly body_hex: string
}

export interface GoldenDelivery {
  readonly info: Readonly<Record<string, unknown>>
  readonly body_length: number
  readonly body_hex: string
}

/** `body`, `info`, `extension`, `buff`: Pipe.create_mission. `route`, `data`: Endpoint.send. */
export interface GoldenCall {
  readonly body?: { readonly length: number; readonly hex: string }
  readonly info?: Readonly<Record<string, unknown>>
  readonly extension?: string | null
  readonly buff?: number
  readonly route?: string
  readonly data?: unknown
  readonly returned: unknown
  readonly after_packets?: number
  readonly cancelled_after_packets?: number
  readonly cancel_returned?: boolean
}

/** From the project's root, where all tests run: built ones (`npm run soak`) lie elsewhere. */
const FOLDER = resolve('src/main/netcore/dialects/lso/vectors')

/** All 31 vectors, by name. */
export function loadVectors(): GoldenVector[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'))
  return names.sort().map((name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as GoldenVector)
}

export function loadVector(name: string): GoldenVector {
  const vector = loadVectors().find((each) => each.name === name)
  if (vector === undefined) throw new Error(`no golden vector "${name}"`)
  return vector
}

/** Every byte of a stream, from its packets. */
export function streamBytes(stream: GoldenStream): Uint8Array {
  return fromHex(stream.packets.map((packet) => packet.hex).join(''))
}
