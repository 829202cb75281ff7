import { z } from 'zod'
import { MAX_PASSWORD_LENGTH } from '../model/link-url'

/**
 * Every command and subscription between screen and core: typed once, checked once, at the core's door. Requests are
 * strict (unknown fields are refused) and bounded. Replies are built by our own typed code and are not checked again.
 */

z.config({ jitless: true }) // the page's security policy forbids building functions from text

const linkId = z.int().min(1)
const messageId = z.int().min(1)
const text = (maxLength: number) => z.string().max(maxLength)
const nothing = z.strictObject({})

/** An address with the longest password there is, each of its characters written as nine. */
const MAX_URL_CHARACTERS = 2048 + 9 * MAX_PASSWORD_LENGTH

export const MAX_BODY_IN_CONTRACT = 15 * 1024 * 1024

export const requestChecks = {
  /** What is this program, and which host runs it. */
  'app.info': nothing,
  'ports.list': nothing,
  'recent.list': nothing,
  'recent.forget': z.strictObject({ url: text(2048) }),
  /** Opens a link; answers as soon as it exists, its state comes by `status`. */
  'link.open': z.strictObject({ url: text(MAX_URL_CHARACTERS) }),
  'link.close': z.strictObject({ linkId }),
  'link.reopen': z.strictObject({ linkId }),
  'message.send': z.strictObject({
    linkId,
    route: text(1024),
    kind: z.enum(['request', 'event', 'bytes']),
    body: z
      .instanceof(Uint8Array)
      .refine((body) => body.length <= MAX_BODY_IN_CONTRACT, 'body is over 15 MiB'),
    headers: z.record(text(256), z.union([text(4096), z.number(), z.boolean(), z.null()])),
    priority: z.int().min(0).max(7),
    timeoutMs: z.int().min(1).max(3_600_000),
  }),
  'message.cancel': z.strictObject({ messageId }),
  /** Rows of the message list: `count` rows from list position `from` (0 = oldest kept). */
  'messages.rows': z.strictObject({ from: z.int().min(0), count: z.int().min(1).max(500) }),
  'message.detail': z.strictObject({ messageId }),
  'message.body': z.strictObject({
    messageId,
    offset: z.int().min(0),
    count: z
      .int()
      .min(1)
      .max(1024 * 1024),
  }),
  /** Bytes per time bin over everything kept, for the overview strip. */
  'capture.overview': z.strictObject({ bins: z.int().min(16).max(4096) }),
  'capture.clear': nothing,
} as const

export const subscriptionChecks = {
  /** Links, rates, queue, losses: one snapshot on subscribing, then at most 5 a second, when something changed. */
  status: nothing,
  /** Chunks and the messages they belong to, in columns. */
  lanes: z.strictObject({ backlogMs: z.number().min(0).max(86_400_000) }),
  /** Bounds of the message list and which rows changed. */
  messages: nothing,
} as const

export type CommandName = keyof typeof requestChecks
export type SubscriptionName = keyof typeof subscriptionChecks
export type CommandRequest<C extends CommandName> = z.infer<(typeof requestChecks)[C]>
export type SubscriptionRequest<S extends SubscriptionName> = z.infer<(typeof subscriptionChecks)[S]>
