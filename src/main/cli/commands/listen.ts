import { stat } from 'node:fs/promises'
import { ConsoleError } from '../../../shared/errors'
import type { Clock } from '../../../shared/model/clock'
import { attachEndpoint } from '../../link/endpoint-link'
import { FileTransfers } from '../../operate/conduit-files/file-transfers'
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
  options: {
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
    const dir = args.text('files')
    const lines = new TraceLines(out, { hasFrames: false, isHeld: true })
    const links = createSession({
      isReconnecting: true, // a device that is plugged in again is served again
      onTrace: lines.onTrace,
      onLink: (link) => attachEndpoint(endpoint, link),
    })
    const endpoint = createDemoEndpoint(links.clock)
    const files = dir === undefined ? undefined : await folderOf(dir, links.clock)
    if (files) endpoint.register(files.blueprint)
    try {
      const handle = links.openLink(readLinkAddress(args.positional(0), io))
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

/** @throws ConsoleError `FILE_UNREADABLE` before anybody can connect. */
async function folderOf(dir: string, clock: Clock): Promise<FileTransfers> {
  const isFolder = await stat(dir).then(
    (facts) => facts.isDirectory(),
    () => false,
  )
  if (!isFolder) throw new ConsoleError('FILE_UNREADABLE', `${dir} is not a folder`)
  return new FileTransfers({ dir, clock })
}
