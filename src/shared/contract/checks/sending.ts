import { z } from 'zod'
import { MAX_ENTRY_NAME_LENGTH } from '../../workspace/entry-name'
import { MAX_HISTORY_PAGE, MAX_HISTORY_QUERY_LENGTH } from '../../model/drafts'
import {
  MAX_EXPECT_LENGTH,
  MAX_HEADER_LENGTH,
  MAX_HEADER_NAME_LENGTH,
  MAX_HEADERS,
  MAX_ROUTE_LENGTH,
  MAX_TIMEOUT_MS,
} from '../../workspace/message-file'
import { MAX_PROFILE_NAME_LENGTH } from '../../model/link-url'
import { linkId, messageId, text, nothing, MAX_BODY_IN_CONTRACT, environment } from './fields'

/** Longest body that is written, in characters; what is larger is sent as a file. */
const MAX_DRAFT_BODY_LENGTH = 4 * 1024 * 1024
const headerValue = z.union([text(MAX_HEADER_LENGTH), z.number(), z.boolean(), z.null()])
const draft = z.strictObject({
  route: text(MAX_ROUTE_LENGTH),
  kind: z.enum(['request', 'subscribe', 'event', 'bytes']),
  priority: z.int().min(0).max(7),
  timeoutMs: z.int().min(1).max(MAX_TIMEOUT_MS),
  headers: z
    .record(text(MAX_HEADER_NAME_LENGTH), headerValue)
    .refine((headers) => Object.keys(headers).length <= MAX_HEADERS, 'too many headers'),
  body: z
    .strictObject({
      format: z.enum(['json', 'msgpack', 'text', 'hex', 'file']),
      text: text(MAX_DRAFT_BODY_LENGTH),
    })
    .nullable(),
  confirms: z.boolean(),
  expect: text(MAX_EXPECT_LENGTH),
})
/** By number, by its name or that of its profile; empty for the one that is connected. */
const anyLink = z.union([linkId, text(MAX_PROFILE_NAME_LENGTH * 4)])
const historyPage = {
  query: text(MAX_HISTORY_QUERY_LENGTH),
  limit: z.int().min(1).max(MAX_HISTORY_PAGE),
}

/** Commands for sending by hand. */
export const sendingRequests = {
  /** How a message would leave, and what is wrong with it. */
  'draft.check': z.strictObject({ draft, environment, link: anyLink }),
  /** Fills in variables and sends; answers as soon as the message is on its way. */
  'draft.send': z.strictObject({
    draft,
    environment,
    link: anyLink,
    /** File in `messages` that it came from; empty for none. */
    name: text(MAX_ENTRY_NAME_LENGTH),
  }),
  /** What was sent by hand, the newest first; all words of the query must stand in it. */
  'history.list': z.strictObject(historyPage),
  'history.clear': nothing,
  'message.send': z.strictObject({
    linkId,
    route: text(1024),
    kind: z.enum(['request', 'subscribe', 'event', 'bytes']),
    body: z
      .instanceof(Uint8Array)
      .refine((body) => body.length <= MAX_BODY_IN_CONTRACT, 'body is over 15 MiB'),
    headers: z.record(text(256), z.union([text(4096), z.number(), z.boolean(), z.null()])),
    priority: z.int().min(0).max(7),
    timeoutMs: z.int().min(1).max(3_600_000),
  }),
  'message.cancel': z.strictObject({ messageId }),
} as const

/** What can be followed of it. */
export const sendingSubscriptions = {
  /** What was sent by hand: the newest that match, whenever something was sent or ended. */
  history: z.strictObject(historyPage),
} as const
