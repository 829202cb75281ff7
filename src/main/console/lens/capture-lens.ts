import type { CommandName, SubscriptionName, SubscriptionRequest } from '../../../shared/contract/contract'
import type { SubscriptionItem } from '../../../shared/contract/replies'
import type { Clock } from '../../../shared/model/clock'
import type { LineRate } from '../../../shared/model/line-rate'
import type { LinkAddress } from '../../../shared/model/link-url'
import type { Capture } from '../../capture/capture'
import type { SubjectSource } from '../../capture/subject/message-cursor'
import { ListViews } from '../../capture/views/list-views'
import { viewLanguage, type ViewLanguage } from '../../capture/views/view-language'
import type { Feed } from '../console-types'
import { lanesFeed, messagesFeed } from '../feeds/feeds'
import { listFeed, notesFeed } from '../feeds/list-feeds'
import { seriesFeed } from '../feeds/series-feed'
import type { Handlers } from '../handlers/handlers'
import { listHandlers } from '../handlers/list-handlers'
import { seriesHandlers } from '../handlers/series-handlers'
import { shownMessageHandlers } from '../handlers/shown-message-handlers'
import { checkFromMessages, type CheckSource } from '../../operate/snippets/check-from-messages'
import { linkWords } from '../link-title'
import type { SessionDay } from '../session-day'

/** What is seen through a lens, and what the capture does not know itself. */
export interface LensOptions {
  readonly capture: Capture
  /** Paces what is told. */
  readonly clock: Clock
  /** Where the session stands: the newest moment there is. For the live session that is the clock. */
  readonly nowMs: () => number
  readonly day: SessionDay
  readonly addressOf: (linkId: number) => LinkAddress | undefined
  /** Undefined where the speed of the line is not known, also because the link is gone. */
  readonly lineRateOf: (linkId: number) => LineRate | undefined
  /** A screen did not keep up: chunks of a batch were drawn together. */
  readonly onMerged: () => void
}

export type LensCommand = Extract<
  CommandName,
  | 'capture.overview'
  | 'messages.rows'
  | 'message.detail'
  | 'message.explain'
  | 'message.body'
  | 'message.chunks'
  | 'message.previous'
  | 'list.rows'
  | 'list.position'
  | 'list.find'
  | 'list.at'
  | 'list.copy'
  | 'note.set'
  | 'note.remove'
  | 'series.get'
  | 'series.field'
  | 'series.fields'
  | 'snippet.from-messages'
>
export type LensSubscription = Extract<SubscriptionName, 'lanes' | 'messages' | 'list' | 'notes' | 'series'>
export type LensFeeds = {
  readonly [S in LensSubscription]: (request: SubscriptionRequest<S>) => Feed<SubscriptionItem<S>>
}

/**
 * Everything that seeing is made of: lists, lanes, details, explanations, charts and the filters in them, over one capture.
 * The live session and a recording are looked at through the same lens; that is why they look and work the same.
 */
export class CaptureLens {
  readonly subjects: SubjectSource
  readonly language: ViewLanguage
  readonly handlers: Pick<Handlers, LensCommand>
  readonly feeds: LensFeeds
  readonly #views: ListViews

  constructor(options: LensOptions) {
    const { capture, clock, nowMs, day, addressOf, lineRateOf, onMerged } = options
    const subjects = capture.subjectSource({
      nowMs,
      dayStartMs: day.dayStartMs,
      linkOf: (linkId) => linkWords(addressOf(linkId)),
    })
    const language = viewLanguage(subjects)
    const views = new ListViews(capture.viewSource, clock, language)
    const hasLine = (linkId: number): boolean => lineRateOf(linkId) !== undefined
    this.subjects = subjects
    this.language = language
    this.#views = views
    this.handlers = {
      'capture.overview': ({ bins }) => ({ overview: capture.overview(bins, nowMs()) }),
      ...shownMessageHandlers(capture, nowMs, lineRateOf, addressOf),
      ...seriesHandlers(capture, language, clock, nowMs, hasLine),
      'snippet.from-messages': (options) => ({ check: checkFromMessages(checkSource(capture), options) }),
      ...listHandlers(views, capture, { ...day, urlOf: (linkId) => addressOf(linkId)?.text ?? null }),
    }
    this.feeds = {
      lanes: ({ backlogMs, marks = [] }) =>
        lanesFeed(
          capture,
          clock,
          backlogMs,
          marks.map((mark) => language.filter(mark)),
          onMerged,
          nowMs,
        ),
      messages: () => messagesFeed(capture, clock),
      list: ({ view }) => listFeed(capture, views, clock, view),
      notes: () => notesFeed(capture, clock),
      series: (asked) => seriesFeed(capture, clock, asked, hasLine, nowMs),
    }
  }

  close(): void {
    this.#views.close()
  }
}

const checkSource = (capture: Capture): CheckSource => ({
  detail: (messageId) => capture.detail(messageId),
  previousOf: (messageId) => capture.previousOf(messageId),
  body: (messageId) => {
    const { bodyBytes, keptBytes, hasBody } = capture.detail(messageId)
    if (bodyBytes === 0) return new Uint8Array(0)
    return hasBody && keptBytes === bodyBytes ? capture.body(messageId) : undefined
  },
})
