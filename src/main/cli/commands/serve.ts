import { resolve } from 'node:path'
import { KEEP_MESSAGES } from '../../launch-options'
import { type Command, untilAborted } from '../command'
import { addressOf, workspaceOf } from '../profile-argument'

export const serve: Command = {
  name: 'serve',
  summary: 'Serves the screens to a browser on this computer.',
  positionals: [],
  options: {
    host: { value: 'HOST', help: '127.0.0.1 (default), localhost or ::1; from elsewhere use an SSH tunnel' },
    port: { value: 'N', help: 'port, or 0 for a free one (default: 0)' },
    workspace: {
      value: 'DIR',
      help: 'folder of all that is kept (docs/workspace.md; default: ~/.netcore-console)',
    },
    link: { value: 'URL', help: 'a link (or @profile) to open at once', isList: true },
    'keep-messages': { value: 'N', help: 'messages kept in memory (default: 500000)' },
  },
  notes: ['The address it prints holds a secret token: whoever has it controls the links. Ends with Ctrl+C.'],
  async run({ args, io, out }) {
    const workspace = args.text('workspace')
    const folder = workspace === undefined ? workspaceOf(io) : resolve(workspace)
    const port = args.integer('port', 0, 65_535) ?? 0
    // Loaded only here: no other command needs the console, the capture and the web server.
    const { startWeb } = await import('../../start-web')
    const web = await startWeb({
      host: args.text('host') ?? '127.0.0.1',
      port,
      workspaceDir: folder,
      links: args.list('link').map((text) => addressOf(text, folder)),
      keepMessages: args.integer('keep-messages', KEEP_MESSAGES.least, KEEP_MESSAGES.most),
      onProblem: ({ code, message, remedy }) => out.note(`${message} (${code})\n  ${remedy}`),
    })
    try {
      out.line({ event: 'listening', url: web.url, token: web.token }, `Netcore Console: ${web.openUrl}`)
      out.note('Open the address in a browser on this computer. Ctrl+C ends the program.')
      await untilAborted(io.signal)
    } finally {
      await web.close()
    }
  },
}
