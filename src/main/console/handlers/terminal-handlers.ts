import type { TerminalBacklog } from '../../capture/terminal/terminal-backlog'
import type { Links } from '../../link/links'
import type { TerminalLogs } from '../../workspace/terminal-logs'
import { linkWords } from '../link-title'
import type { Handlers } from './handlers'

interface Day {
  readonly startedAtMs: number
  readonly nowIso: () => string
}

export const terminalHandlers = (
  links: Links,
  backlog: TerminalBacklog,
  logs: TerminalLogs,
  { startedAtMs, nowIso }: Day,
): Pick<Handlers, 'terminal.clear' | 'terminal.log'> => ({
  'terminal.clear': ({ linkId }) => {
    backlog.clear(links.get(linkId).linkId)
    return {}
  },
  'terminal.log': async ({ linkId, action, shape, hasTimes }) => {
    if (action === 'stop') return logs.stop(linkId)
    if (action === 'status') return logs.status(linkId)
    const linkName = linkWords(links.get(linkId).address)?.name ?? ''
    return logs.start({ linkId, linkName, shape, hasTimes, startedAtMs, date: new Date(nowIso()) })
  },
})
