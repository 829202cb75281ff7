import { attachEndpoint } from '../../link/endpoint-link'
import { createDemoEndpoint } from '../../simulator/demo-endpoint'
import { type Command, untilAborted } from '../command'
import { readLinkAddress } from '../link-argument'
import { listeningUrl } from '../listening-url'
import { createSession } from '../session'
import { TraceLines } from '../trace-lines'

export const listen: Command = {
  name: 'listen',
  summary:
    'Runs the demo endpoint: echo, add, slow, big, fail, count, /device/info, /device/read, /device/firmware.',
  positionals: ['URL'],
  options: {},
  notes: [
    'URL is usually tcp-listen://127.0.0.1:0 or a serial port. The first line names the address with its real port.',
    'Ends with Ctrl+C.',
  ],
  async run({ args, io, out }) {
    const lines = new TraceLines(out, { hasFrames: false, isHeld: true })
    const links = createSession({
      isReconnecting: true, // a device that is plugged in again is served again
      onTrace: lines.onTrace,
      onLink: (link) => attachEndpoint(endpoint, link),
    })
    const endpoint = createDemoEndpoint(links.clock)
    try {
      const handle = links.openLink(readLinkAddress(args.positional(0), io))
      await (handle.listener?.open() ?? handle.link?.whenConnected(io.signal))
      const url = listeningUrl(handle.address)
      out.line({ event: 'listening', url }, `listening on ${url}`)
      lines.begin()
      await untilAborted(io.signal)
    } finally {
      await links.closeAll()
    }
  },
}
