import { WebSocket } from 'ws'
import { type ContractClient, createContractClient } from '../../src/shared/contract/contract-client'
import type { ByteChannel } from '../../src/shared/contract/envelope'
import { SOCKET_PATH, SOCKET_PROTOCOL, SOCKET_TOKEN_PREFIX } from '../../src/shared/contract/host-api'
import type { StatusSnapshot } from '../../src/shared/model/views'

/** Another screen beside the one that is measured: asks the web host what it knows, from this process. */
export async function connectToCore(url: string, token: string): Promise<ContractClient> {
  const { host, origin } = new URL(url)
  const socket = new WebSocket(`ws://${host}${SOCKET_PATH}`, [SOCKET_PROTOCOL, SOCKET_TOKEN_PREFIX + token], {
    origin,
  })
  socket.binaryType = 'nodebuffer'
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve())
    socket.once('error', reject)
  })
  return createContractClient(channelOf(socket))
}

const channelOf = (socket: WebSocket): ByteChannel => ({
  send: (frame) => socket.send(frame),
  onFrame: (receive) => void socket.on('message', (data: Buffer) => receive(new Uint8Array(data))),
  onClosed: (closed) => void socket.on('close', (code) => closed(String(code))),
  close: () => socket.close(),
  get bufferedBytes() {
    return socket.bufferedAmount
  },
})

/** The next snapshot for which `holds`. */
export const statusWhere = (
  client: ContractClient,
  holds: (status: StatusSnapshot) => boolean,
): Promise<StatusSnapshot> =>
  new Promise((resolve, reject) => {
    const stop = client.subscribe(
      'status',
      {},
      (status) => {
        if (!holds(status)) return
        queueMicrotask(() => stop())
        resolve(status)
      },
      reject,
    )
  })

export interface FilterTime {
  /** Until the first rows were there, and until the filter was through. */
  readonly firstMs: number
  readonly wholeMs: number
  /** Working time of the core. */
  readonly scanMs: number
  readonly shown: number
  readonly total: number
}

/** Lets the core filter everything it keeps. */
export const filterTime = (client: ContractClient, filter: string): Promise<FilterTime> =>
  new Promise((resolve, reject) => {
    const startMs = performance.now()
    let firstMs = Number.NaN
    const stop = client.subscribe(
      'list',
      { view: { filter, marks: [], order: 'time' } },
      ({ scan, scanMs, shown, total }) => {
        if (shown > 0 && Number.isNaN(firstMs)) firstMs = performance.now() - startMs
        if (scan !== null) return
        queueMicrotask(() => stop())
        resolve({ firstMs, wholeMs: performance.now() - startMs, scanMs, shown, total })
      },
      reject,
    )
  })
