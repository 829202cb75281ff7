import type { CommandName, CommandRequest } from '../../../shared/contract/contract'
import type { CommandReply } from '../../../shared/contract/replies'

/** One function per command. Requests were checked at the door; failures are ConsoleErrors. */
export type Handlers = {
  readonly [C in CommandName]: (request: CommandRequest<C>) => CommandReply<C> | Promise<CommandReply<C>>
}
