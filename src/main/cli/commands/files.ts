import { randomUUID } from 'node:crypto'
import { createEndpoint, attachEndpoint } from '../../link/endpoint-link'
import type { TransferOptions } from '../../operate/conduit-files/file-to-send'
import { FilePusher } from '../../operate/conduit-files/push-file'
import { ServerFiles } from '../../operate/conduit-files/server-files'
import type { Arguments } from '../arguments'
import { usageError } from '../arguments'
import { connected, FirstPeer } from '../connected-link'
import type { Command } from '../command'
import { existingFolder } from '../existing-folder'
import { tellFile } from '../file-line'
import { readLinkAddress } from '../link-argument'
import { ProgressLine } from '../progress-line'
import { createSession } from '../session'

const ACTIONS = ['list', 'get', 'put'] as const
type Action = (typeof ACTIONS)[number]

export const files: Command = {
  name: 'files',
  summary: 'Lists, gets and puts files of a netconduit server, or pushes one to a client of ours.',
  positionals: ['URL', 'list|get|put', '[FILE]'],
  options: {
    dir: { value: 'DIR', help: 'get: where the file goes, under its name or one beside it (default: .)' },
  },
  notes: [
    'put FILE gives a server the file; with a tcp-listen address it waits for a client, and pushes the file to the first.',
    'Ctrl+C ends a transfer; nothing is kept of it here. "netcore listen URL --files DIR" gives and takes files.',
  ],
  async run({ args, io, out }) {
    const { action, file } = readAction(args)
    const address = readLinkAddress(args.positional(0), io)
    if (address.dialect !== 'netconduit')
      throw usageError(`files need dialect=netconduit in the address, which has ${address.dialect}`)
    const isServer = address.scheme === 'tcp-listen'
    if (isServer && action !== 'put')
      throw usageError(`a client has no files to ${action}: only "put FILE" goes`)
    const dir = await existingFolder(args.text('dir') ?? '.')
    const peer = new FirstPeer()
    const links = createSession({
      onLink: (link) => {
        attachEndpoint(endpoint, link)
        peer.came(link)
      },
    })
    const endpoint = createEndpoint({ clock: links.clock })
    const pusher = new FilePusher(links.clock, randomUUID)
    endpoint.register(pusher.blueprint)
    const progress = new ProgressLine(io)
    const options: TransferOptions = {
      signal: io.signal,
      onProgress: (done, all) => progress.show(done, all),
    }
    try {
      const link = await connected(links.openLink(address), peer, out, io.signal)
      const server = new ServerFiles(endpoint, links.clock)
      if (action === 'list') {
        for (const listed of await server.list(io.signal)) {
          out.line({ event: 'file', name: listed.name, bytes: listed.size }, `${listed.size}\t${listed.name}`)
        }
        return
      }
      const done = await (action === 'get'
        ? server.get(file, dir, options)
        : isServer
          ? pusher.push(link, file, options)
          : server.put(file, options))
      progress.clear()
      tellFile(out, action === 'get' ? 'in' : 'out', done)
    } finally {
      progress.clear()
      await links.closeAll()
    }
  },
}

function readAction(args: Arguments): { readonly action: Action; readonly file: string } {
  const [word, file] = [args.positional(1), args.positional(2)]
  const action = ACTIONS.find((known) => known === word)
  if (action === undefined) throw usageError(`"${word}" is not one of ${ACTIONS.join(', ')}`)
  if ((action === 'list') !== (file === ''))
    throw usageError(action === 'list' ? 'list takes no file' : `${action} needs a file`)
  return { action, file }
}
