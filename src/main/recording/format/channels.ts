/**
 * The channels of a recording (docs/recording-format.md). Their numbers follow from what they carry, so that entries keep
 * their meaning when the record that introduced their channel was damaged.
 */

/** What belongs to one link: topics `/link/<n>/…`. */
export const LINK_CHANNELS = ['rx', 'tx', 'event', 'chunk', 'message', 'body'] as const
export type LinkChannel = (typeof LINK_CHANNELS)[number]

/** What belongs to the session. */
export const SESSION_CHANNELS = ['op', 'task', 'cache', 'problem', 'console', 'clock', 'note', 'gap'] as const
export type SessionChannel = (typeof SESSION_CHANNELS)[number]

/** MCAP numbers channels with 16 bits; each link has 16 of them. */
const CHANNELS_PER_LINK = 16
/** Links of one recording; what more there are share the channels of none and are not recorded. */
export const MAX_RECORDED_LINKS = Math.floor(0xffff / CHANNELS_PER_LINK)

export interface ChannelPlace {
  /** 0 for what belongs to the session. */
  readonly linkId: number
  readonly name: LinkChannel | SessionChannel
}

/** @param linkId - From 1 to `MAX_RECORDED_LINKS`. */
export const linkChannelId = (linkId: number, name: LinkChannel): number =>
  linkId * CHANNELS_PER_LINK + LINK_CHANNELS.indexOf(name)

/** From 1, since other readers know no channel 0 that they would not take for a missing one. */
export const sessionChannelId = (name: SessionChannel): number => 1 + SESSION_CHANNELS.indexOf(name)

/** What a channel carries by its number; undefined for one that we never wrote. */
export function placeOfChannel(channelId: number): ChannelPlace | undefined {
  const linkId = Math.floor(channelId / CHANNELS_PER_LINK)
  const at = channelId % CHANNELS_PER_LINK
  const name = linkId === 0 ? SESSION_CHANNELS[at - 1] : LINK_CHANNELS[at]
  return name === undefined ? undefined : { linkId, name }
}

export const topicOf = ({ linkId, name }: ChannelPlace): string =>
  linkId === 0 ? `/${name}` : `/link/${linkId}/${name}`

/** How the entries of a channel are written. `octets` are bytes exactly as they passed. */
export const encodingOf = (name: ChannelPlace['name']): 'octets' | 'json' =>
  name === 'rx' || name === 'tx' || name === 'body' ? 'octets' : 'json'

/** Whether it can be derived again from the others: what is dropped first when the disk is slow. */
export const isDerived = (name: ChannelPlace['name']): boolean =>
  name === 'chunk' || name === 'message' || name === 'body'
