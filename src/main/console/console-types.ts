import type {
  CommandName,
  CommandRequest,
  SubscriptionName,
  SubscriptionRequest,
} from '../../shared/contract/contract'
import type { CommandReply, SubscriptionItem } from '../../shared/contract/replies'

/** Commands and subscriptions of one source: the session that runs now, or a recording that is open. */
export interface SourcePort {
  call<C extends CommandName>(name: C, request: CommandRequest<C>): Promise<CommandReply<C>>
  subscribe<S extends SubscriptionName>(name: S, request: SubscriptionRequest<S>): Feed<SubscriptionItem<S>>
}

/** What a host (Electron, web) needs of the console: a port per source, nothing else. */
export interface ConsolePort {
  /** @throws ConsoleError `SOURCE_UNKNOWN`. */
  at(source: number): SourcePort
}

/**
 * A subscription, pulled by the host when its channel has room. Slowness of a screen therefore never queues anything:
 * the next `take` gives everything since the last one, coarser when it would be too much.
 */
export interface Feed<T> {
  /** The next item, or undefined when nothing is new. At most `MAX_BATCH_BYTES` of columns. */
  take(): T | undefined
  /** Called (at most once until the next `take`) when there is something new. */
  onNews(listener: () => void): void
  close(): void
}
