import { ConsoleError } from '../../../shared/errors'
import type { Command } from '../command'
import { Ending } from '../ending'
import { readLinkAddress } from '../link-argument'
import { listeningUrl } from '../listening-url'
import { MessageFilter } from '../../console/message-filter'
import { readFilter } from '../filter-argument'
import { createSession } from '../session'
import { TraceLines } from '../trace-lines'

export const monitor: Command = {
  name: 'monitor',
  summary: 'Shows links, frames, messages and faults as they happen. Sends nothing.',
  positionals: ['URL'],
  options: {
    filter: {
      value: 'EXPR',
      help: 'only messages that match (docs/filter-language.md), and links and faults',
    },
    reconnect: { help: 'open the link again after a loss, instead of ending with exit code 3' },
  },
  notes: ['Ends with Ctrl+C.'],
  async run({ args, io, out }) {
    const filterText = args.text('filter')
    const filter = filterText === undefined ? undefined : readFilter(filterText, out)
    const ending = new Ending(io.signal)
    const links = createSession({
      isReconnecting: args.has('reconnect'),
      answersErrors: false,
      onLink: (link) => link.stack.onUnrouted(() => undefined), // it only watches: no route is a fault
      onTrace: (event) => {
        lines.onTrace(event)
        // Peers of a listener come and go; link 1 is what was asked for.
        if (event.type !== 'link-state' || event.phase !== 'closed' || event.linkId !== 1) return
        ending.fail(new ConsoleError(event.code ?? 'LINK_LOST', event.detail || 'the link was lost'))
      },
    })
    const messages =
      filter &&
      new MessageFilter(filter, {
        addressOf: (linkId) => links.all().find((handle) => handle.linkId === linkId)?.address,
        nowMs: () => links.clock.nowMs(),
      })
    // With a filter there are messages to be seen, not the frames and accounts of all of them.
    const lines = new TraceLines(out, {
      hasFrames: filter === undefined,
      hasAccounts: filter === undefined,
      ...(messages && { admits: (event) => messages.admits(event) }),
      isHeld: false,
    })
    try {
      const { listener } = links.openLink(readLinkAddress(args.positional(0), io))
      await listener?.open()
      if (listener) {
        const url = listeningUrl(listener.address)
        out.line({ event: 'listening', url }, `listening on ${url}`)
      }
      await ending.reached
    } finally {
      await links.closeAll()
    }
  },
}
