import { ConsoleError } from '../../../shared/errors'
import { type LinkAddress, parseLinkUrl } from '../../../shared/model/link-url'
import { withRealPort } from '../../link/listener'
import { DeviceServer } from '../../simulator/device-server'
import type { SimAddress } from '../../simulator/sim-transport'
import { transportFor } from '../../simulator/transport-for'
import { SystemClock } from '../../transport/system-clock'
import { type Arguments, usageError } from '../arguments'
import type { Command } from '../command'
import { Ending } from '../ending'
import { listeningUrl } from '../listening-url'

const DEFAULT_LISTEN = 'tcp-listen://127.0.0.1:0'

export const simulate: Command = {
  name: 'simulate',
  summary: 'Serves a simulated device behind a line of real speed. Each peer gets a device of its own.',
  positionals: [],
  options: {
    device: { value: 'NAME', help: 'which device (default: demo)' },
    listen: { value: 'URL', help: `where peers come to (default: ${DEFAULT_LISTEN})` },
    baud: { value: 'N', help: 'speed of the line between peer and device (default: 115200)' },
    seed: { value: 'N', help: 'seed of everything random in the device (default: 1)' },
  },
  notes: ['The first line names the address with its real port. Ends with Ctrl+C.'],
  async run({ args, io, out }) {
    const address = parseLinkUrl(args.text('listen') ?? DEFAULT_LISTEN)
    const clock = new SystemClock()
    const ending = new Ending(io.signal)
    const transport = transportFor(address, clock)
    const isListening = 'listen' in transport
    let url = listeningUrl(address)
    let isAnnounced = false
    const announce = (): void => {
      if (!isAnnounced) out.line({ event: 'listening', url }, `listening on ${url}`)
      isAnnounced = true
    }
    const server = new DeviceServer({
      device: deviceAddress(args, address),
      place: address,
      clock,
      onPeer: ({ number, name }) => {
        announce()
        out.line({ event: 'link', state: 'connected', url, link: number, peer: name }, `${name} connected`)
      },
      onPeerGone: ({ number, name }, cause) => {
        const why = cause ? { code: cause.code, detail: cause.message } : {}
        out.line({ event: 'link', state: 'closed', url, link: number, ...why }, `${name} gone`)
        // A serial port is one line to one peer: without it there is nothing left to serve.
        if (!isListening) ending.fail(cause ?? new ConsoleError('LINK_LOST', `${name} ended`))
      },
    })
    if (server.isDirect && args.text('baud') !== undefined) {
      throw usageError(`--baud: over ${address.scheme} a device with ${address.dialect} has no line between`)
    }
    let stopListening = async (): Promise<void> => {}
    try {
      if (isListening) {
        const listener = await transport.listen((peer) => server.accept(peer))
        stopListening = () => listener.close()
        url = listeningUrl(withRealPort(address, listener.url))
        announce()
      } else await server.open(transport, io.signal)
      await ending.reached
    } finally {
      await server.close()
      await stopListening()
    }
  },
}

function deviceAddress(args: Arguments, { dialect, chunkBytes }: LinkAddress): SimAddress {
  const query = new URLSearchParams({ dialect })
  if (chunkBytes !== undefined) query.set('chunk', String(chunkBytes))
  const baud = args.integer('baud', 50, 100_000_000)
  const seed = args.integer('seed', 0, 0xffff_ffff)
  if (baud !== undefined) query.set('baud', String(baud))
  if (seed !== undefined) query.set('seed', String(seed))
  return parseLinkUrl(`sim:${args.text('device') ?? 'demo'}?${query}`) as SimAddress
}
