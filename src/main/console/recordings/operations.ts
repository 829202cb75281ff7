import type { CommandName, CommandRequest } from '../../../shared/contract/contract'
import { parseLinkUrl } from '../../../shared/model/link-url'

/** What the operator did that changes what comes after it, in words for a recording. */
export interface Operation {
  readonly atMs: number
  /** The command. */
  readonly operation: string
  readonly detail: unknown
}

type Telling = { readonly [C in CommandName]?: (request: CommandRequest<C>) => unknown }

/** Without passwords, and without bodies: what was sent stands in the trace. */
const OPERATIONS: Telling = {
  'link.open': ({ url }) => ({ url: withoutPassword(url) }),
  'link.close': ({ linkId }) => ({ linkId }),
  'link.reopen': ({ linkId }) => ({ linkId }),
  'link.lines': (lines) => lines,
  'link.pulse': (pulse) => pulse,
  'link.break': (pulse) => pulse,
  'link.accept': ({ linkId }) => ({ linkId }),
  'lock.set': ({ isLocked }) => ({ isLocked }),
  'draft.send': ({ draft, environment, link, name }) => ({
    link,
    environment,
    name,
    route: draft.route,
    kind: draft.kind,
    priority: draft.priority,
    timeoutMs: draft.timeoutMs,
  }),
  'message.send': ({ linkId, route, kind, priority, timeoutMs }) => ({
    linkId,
    route,
    kind,
    priority,
    timeoutMs,
  }),
  'message.cancel': ({ messageId }) => ({ messageId }),
  'snippet.run': ({ name }) => ({ name }),
  'tasks.pause': (request) => request,
  'task.run': (request) => request,
  'task.skip': (request) => request,
  'task.enable': (request) => request,
  'capture.clear': () => ({}),
}

/** What a command means for a recording; undefined for one that only looks. */
export function operationOf<C extends CommandName>(
  atMs: number,
  command: C,
  request: CommandRequest<C>,
): Operation | undefined {
  const tell = OPERATIONS[command] as ((request: CommandRequest<C>) => unknown) | undefined
  return tell && { atMs, operation: command, detail: tell(request) }
}

/** An address that makes no sense may have a password anywhere. */
function withoutPassword(url: string): string {
  try {
    return parseLinkUrl(url).text
  } catch {
    return ''
  }
}
