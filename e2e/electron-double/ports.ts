import { EventEmitter } from 'node:events'
import type * as Electron from 'electron'
import { tellWindow } from './link'
import type { PortData } from './messages'
import { strict } from './strict'

type Port = Pick<Electron.MessagePortMain, 'postMessage' | 'start' | 'close'>

/** One end of a channel. Once its other end is in the page, messages cross to the window's half of the double. */
class PortDouble extends EventEmitter implements Port {
  readonly id: number
  #isStarted = false
  #isClosed = false
  readonly #waiting: unknown[] = []

  constructor(id: number) {
    super()
    this.id = id
  }

  postMessage(message: unknown): void {
    if (!(message instanceof Uint8Array) && typeof message !== 'string') {
      throw new Error('the double of electron carries byte arrays and texts only')
    }
    if (!this.#isClosed) tellWindow({ t: 'port-message', port: this.id, data: message })
  }

  start(): void {
    this.#isStarted = true
    for (const data of this.#waiting.splice(0)) this.emit('message', { data, ports: [] })
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    tellWindow({ t: 'port-closed', port: this.id })
    this.emit('close')
  }

  received(data: unknown): void {
    if (this.#isClosed) return
    if (this.#isStarted) this.emit('message', { data, ports: [] })
    else this.#waiting.push(data)
  }

  otherEndClosed(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.emit('close')
  }
}

const ports = new Map<number, PortDouble>()
/** Ends made to be handed to a page: nothing but an identity. */
const transferable = new Map<object, number>()
let lastId = 0

/** Makes a pair. As in the shell, `port1` stays and `port2` is handed over; any use of `port2` here throws. */
export class MessageChannelMain {
  readonly port1: Electron.MessagePortMain
  readonly port2: Electron.MessagePortMain

  constructor() {
    const id = ++lastId
    const port = new PortDouble(id)
    ports.set(id, port)
    const end = strict('port2', {})
    transferable.set(end, id)
    const { port1, port2 }: Record<string, unknown> = {
      port1: strict('MessagePortMain', {
        on: port.on.bind(port),
        postMessage: port.postMessage.bind(port),
        start: port.start.bind(port),
        close: port.close.bind(port),
      } satisfies Port & { on: unknown }),
      port2: end,
    }
    this.port1 = port1 as Electron.MessagePortMain
    this.port2 = port2 as Electron.MessagePortMain
  }
}

/** The number under which the window's half knows a port that is handed over; each can be handed over once. */
export function handOver(port: object): number {
  const id = transferable.get(port)
  if (id === undefined) throw new Error('the double of electron hands over each port2 once, and nothing else')
  transferable.delete(port)
  return id
}

export function portReceived(id: number, data: PortData): void {
  ports.get(id)?.received(typeof data === 'string' ? data : new Uint8Array(data))
}

export function portClosed(id: number): void {
  ports.get(id)?.otherEndClosed()
  ports.delete(id)
}
