import { type MessagePort, workerData } from 'node:worker_threads'
import { createContractClient } from '../src/shared/contract/contract-client'
import { PortChannel } from './port-channel'

/**
 * A thread that stands for the screen: it subscribes to everything the window shows, decodes it and acknowledges. What
 * was seen is said when the core asks for it.
 */
const { channel, reports } = workerData as { readonly channel: MessagePort; readonly reports: MessagePort }
const client = createContractClient(new PortChannel(channel))
const seen = { chunks: 0, items: 0 }
client.subscribe('lanes', { backlogMs: 0 }, ({ startMs }) => {
  seen.items += 1
  seen.chunks += startMs.length
})
client.subscribe('messages', {}, () => (seen.items += 1))
client.subscribe('status', {}, () => (seen.items += 1))
reports.on('message', () => reports.postMessage(seen))
reports.postMessage(seen) // ready
