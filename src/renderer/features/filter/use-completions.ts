import { useMemo, useState } from 'react'
import { type CompletionItem, completionsAt, type SeenValues } from '../../../shared/filter'

const NONE: readonly CompletionItem[] = []

export interface Completing {
  /** Empty while nothing is offered. */
  readonly items: readonly CompletionItem[]
  /** Index of the item the arrows are at; -1 for none. */
  readonly active: number
  /** Character at which the completed word begins. */
  readonly from: number
  /** Part of a word stands before the caret. */
  readonly isTyping: boolean
  /** @param seen - What is known of the messages by now. */
  readonly open: (seen: SeenValues) => void
  readonly close: () => void
  readonly step: (direction: 1 | -1) => void
  /** The text with an item put in, and where the caret then is. */
  readonly taken: (item: CompletionItem) => { readonly text: string; readonly caret: number }
}

/** What could be written at the caret, while the person wants to see it. */
export function useCompletions(text: string, caret: number): Completing {
  const [seen, setSeen] = useState<SeenValues | null>(null)
  /** The place the arrows moved at: elsewhere they begin anew. */
  const [at, setAt] = useState({ place: '', active: -1 })
  const offered = useMemo(
    () => (seen === null ? null : completionsAt(text, Math.min(caret, text.length), seen)),
    [text, caret, seen],
  )
  const from = offered?.from ?? caret
  const to = offered?.to ?? caret
  const found = offered?.items ?? NONE
  const isWritten = found.length === 1 && found[0]!.insert === text.slice(from, to)
  const items = isWritten ? NONE : found
  const place = `${caret} ${text}`
  const active = at.place === place && at.active < items.length ? at.active : -1
  return {
    items,
    active,
    from,
    isTyping: from < caret,
    open: setSeen,
    close: () => setSeen(null),
    step: (direction) => {
      const first = direction === 1 ? 0 : items.length - 1
      const next = active < 0 ? first : (active + direction + items.length) % items.length
      setAt({ place, active: next })
    },
    taken: ({ insert }) => ({
      text: text.slice(0, from) + insert + text.slice(to),
      caret: from + insert.length,
    }),
  }
}
