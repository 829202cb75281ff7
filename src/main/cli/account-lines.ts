import type { TraceEvent } from '../../shared/model/trace'
import { AccountBook } from '../netcore/account/account-book'
import { ACCOUNT_PARTS, type MessageAccount } from '../netcore/account/message-account'
import { RecentMap } from '../netcore/pipe/recent-map'
import type { AccountLine } from './output'
import { rounded } from './rounded'

/** Ids of messages remembered after their end: they may still be named as blockers. */
const REMEMBERED_NAMES = 16_384

interface Named {
  readonly id: string
  readonly route: string
}

/** Where the time of each message went, as lines of their own: one when the message, or the answer to it, has come to an end. */
export class AccountLines {
  readonly #write: (line: AccountLine, atMs: number) => void
  readonly #books = new Map<number, AccountBook>()
  readonly #names = new RecentMap<Named>(REMEMBERED_NAMES)

  constructor(write: (line: AccountLine, atMs: number) => void) {
    this.#write = write
  }

  observe(event: TraceEvent): void {
    const { linkId } = event
    if (event.type === 'message-opened') {
      this.#names.set(keyOf(linkId, event.messageKey), { id: event.ref, route: event.route })
    }
    let book = this.#books.get(linkId)
    if (book === undefined) {
      book = new AccountBook({
        onClosed: (account) => this.#write(this.#line(linkId, account), account.untilMs),
      })
      this.#books.set(linkId, book)
    }
    book.observe(event)
    if (event.type === 'link-state' && event.phase === 'closed') this.#books.delete(linkId)
  }

  #line(linkId: number, account: MessageAccount): AccountLine {
    const { dir, messageKey, openedMs, untilMs, parts, blockedBy } = account
    const { id, route } = this.#nameOf(linkId, messageKey)
    const spent = Object.fromEntries(
      ACCOUNT_PARTS.filter((part) => parts[part] > 0).map((part) => [part, rounded(parts[part])]),
    )
    return {
      event: 'account',
      dir,
      id,
      route,
      totalMs: rounded(untilMs - openedMs),
      parts: spent,
      blockedBy: blockedBy.map(({ messageKey: by, ms }) => ({
        id: this.#nameOf(linkId, by).id,
        ms: rounded(ms),
      })),
    }
  }

  #nameOf(linkId: number, messageKey: number): Named {
    return this.#names.get(keyOf(linkId, messageKey)) ?? { id: '', route: '' }
  }
}

const keyOf = (linkId: number, messageKey: number): string => `${linkId}:${messageKey}`
