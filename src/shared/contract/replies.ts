import type { Headers } from '../model/trace'
import type {
  LaneBatch,
  LinkStatus,
  MessageDetail,
  MessageRow,
  MessagesChanged,
  Overview,
  PortInfo,
  RecentLink,
  StatusSnapshot,
} from '../model/views'
import type { CommandName, SubscriptionName } from './contract'

/** What each command answers. */
export interface CommandReplies {
  'app.info': {
    name: string
    version: string
    host: 'electron' | 'web'
    runtime: string
    platform: string
    startedAtIso: string
  }
  'ports.list': { ports: PortInfo[] }
  'recent.list': { links: RecentLink[] }
  'recent.forget': Record<string, never>
  'link.open': { link: LinkStatus }
  'link.close': Record<string, never>
  'link.reopen': Record<string, never>
  'message.send': { messageId: number }
  'message.cancel': { wasCancelled: boolean }
  'messages.rows': { from: number; total: number; rows: MessageRow[] }
  'message.detail': { detail: MessageDetail }
  'message.body': { offset: number; totalBytes: number; bytes: Uint8Array }
  'capture.overview': { overview: Overview }
  'capture.clear': Record<string, never>
}

export interface SubscriptionItems {
  status: StatusSnapshot
  lanes: LaneBatch
  messages: MessagesChanged
}

export type CommandReply<C extends CommandName> = CommandReplies[C]
export type SubscriptionItem<S extends SubscriptionName> = SubscriptionItems[S]
export type { Headers }
