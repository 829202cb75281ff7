import type { Clock } from '../../../shared/model/clock'
import { type LinkAddress, parseLinkUrl } from '../../../shared/model/link-url'
import { attachEndpoint } from '../../link/endpoint-link'
import type { Endpoint } from '../../netcore/endpoint/endpoint'
import { FileTransfers } from '../../operate/conduit-files/file-transfers'
import { PushedFiles } from '../../operate/conduit-files/pushed-files'
import { createDemoEndpoint } from '../../simulator/demo-endpoint'
import type { CliIo } from '../cli-io'
import { type Command, untilAborted } from '../command'
import { existingFolder } from '../existing-folder'
import { readLinkAddress } from '../link-argument'
import { listeningUrl } from '../listening-url'
import type { Output } from '../output'
import { createSession } from '../session'
import { tellFile } from '../file-line'
import { TraceLines } from '../trace-lines'

export const listen: Command = {
  name: 'listen',
  summary:
    'Runs the demo endpoint: echo, add, slow, big, fail, count, /device/info, /device/read, /device/firmware.',
  positionals: ['URL'],
  options: {
    broker: { help: 'pass messages on between the peers by the names they gave themselves (Socket.D)' },
    files: {
      value: 'DIR',
      help: 'give and take files of this folder, for peers that speak netconduit (default: none)',
    },
  },
  notes: [
    'URL is usually tcp-listen://127.0.0.1:0 or a serial port. The first line names the address with its real port.',
    'Ends with Ctrl+C.',
  ],
  async run({ args, io, out }) {
    const dir = args.has('files') ? await existingFolder(args.text('files')!) : undefined
    const lines = new TraceLines(out, { hasFrames: false, isHeld: true })
    const links = createSession({
      isReconnecting: true, // a device that is plugged in again is served again
      onTrace: lines.onTrace,
      onLink: (link) => attachEndpoint(endpoint, link),
    })
    const endpoint = createDemoEndpoint(links.clock)
    const files = dir === undefined ? undefined : new SharedFolder(dir, endpoint, links.clock, out)
    try {
      const handle = links.openLink(addressFor(args.positional(0), args.has('broker'), io))
      await (handle.listener?.open() ?? handle.link?.whenConnected(io.signal))
      const url = listeningUrl(handle.address)
      out.line({ event: 'listening', url }, `listening on ${url}`)
      lines.begin()
      await untilAborted(io.signal)
    } finally {
      await links.closeAll()
      await files?.close()
    }
  },
}

/** @throws ConsoleError also `URL_BAD_OPTION` where `isBroker` is asked of what is no listener for Socket.D. */
function addressFor(text: string, isBroker: boolean, io: CliIo): LinkAddress {
  const address = readLinkAddress(text, io)
  return isBroker && address.isBroker !== true
    ? parseLinkUrl(`${address.text}${address.text.includes('?') ? '&' : '?'}broker=yes`)
    : address
}

/** Gives and takes files of one folder: by calls of a peer, and what a server pushes. */
class SharedFolder {
  readonly #parts: readonly [FileTransfers, PushedFiles]

  constructor(dir: string, endpoint: Endpoint, clock: Clock, out: Output) {
    const pushed = new PushedFiles(endpoint, {
      dir,
      clock,
      onReceived: (file) => tellFile(out, 'in', file),
      onFailed: (name, { code, message }) =>
        out.line({ event: 'file-failed', dir: 'in', name, code, detail: message }, `${name}: ${message}`),
    })
    this.#parts = [new FileTransfers({ dir, clock }), pushed]
    for (const part of this.#parts) endpoint.register(part.blueprint)
  }

  async close(): Promise<void> {
    for (const part of this.#parts) await part.close()
  }
}
