import { type MessagePort, workerData } from 'node:worker_threads'
import type { Upstream } from '../src/shared/contract/envelope'
import { decodeMessage, encodeMessage } from '../src/shared/contract/message-codec'
import { itemHead } from './item-head'

/**
 * A thread that stands for the screen: it subscribes to everything the window shows and acknowledges what it gets.
 * How much came is said when the core asks.
 */
const { channel, reports } = workerData as { readonly channel: MessagePort; readonly reports: MessagePort }
const send = (message: Upstream): void => channel.postMessage(encodeMessage(message))
const seen = { items: 0, bytes: 0 }

channel.on('message', (frame: Uint8Array) => {
  const head = itemHead(frame)
  if (head === null) throw new Error(`the core said ${JSON.stringify(decodeMessage(frame))}`)
  seen.items += 1
  seen.bytes += frame.length
  send({ t: 'ack', ...head })
})
send({ t: 'subscribe', id: 1, name: 'lanes', args: { backlogMs: 0 } })
send({ t: 'subscribe', id: 2, name: 'messages', args: {} })
send({ t: 'subscribe', id: 3, name: 'status', args: {} })
reports.on('message', () => reports.postMessage(seen))
reports.postMessage(seen) // ready
