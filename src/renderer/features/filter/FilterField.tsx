import { type JSX, type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import type { CompletionItem } from '../../../shared/filter'
import { MAX_FILTER_LENGTH } from '../../../shared/model/list-view'
import { useApp } from '../../store/app-store'
import { selectDraft } from '../../store/filter-slice'
import { findNext } from '../../store/find-next'
import { linkWords } from '../../store/link-words'
import { selectLinks } from '../../store/links-slice'
import { useSession } from '../../store/session-context'
import { CompletionList } from './CompletionList'
import { seenValues } from '../../store/seen-values'
import { filterTexts as t } from './texts'
import { useCompletions } from './use-completions'

/** What is typed is looked at when the keys rest for this long. */
const REST_MS = 120

interface FilterFieldProps {
  readonly problemId: string
  readonly onLeave: () => void
}

/** The one line in which filters are written: completions, the place of a problem, and what was used before. */
export function FilterField({ problemId, onLeave }: FilterFieldProps): JSX.Element {
  const session = useSession()
  const mode = useApp((s) => s.barMode)
  const { text, problem } = useApp(selectDraft)
  const history = useApp((s) => s.filterHistory)
  const { draftTyped, draftSettled, draftEntered, barModeChosen, ruleChanged, chipEditEnded } =
    useApp.getState()
  const input = useRef<HTMLInputElement>(null)
  const pendingCaret = useRef<number | null>(null)
  const [caret, setCaret] = useState(0)
  const [scrollPx, setScrollPx] = useState(0)
  /** Place in the history while the arrows go through it. */
  const [remembered, setRemembered] = useState({ index: -1, text: '' })
  const listId = useId()
  const completing = useCompletions(text, caret)
  const { items, active } = completing

  useEffect(() => {
    const timer = setTimeout(draftSettled, REST_MS)
    return () => clearTimeout(timer)
  }, [text, mode, draftSettled])
  useLayoutEffect(() => {
    const element = input.current
    if (element === null || pendingCaret.current === null) return
    element.setSelectionRange(pendingCaret.current, pendingCaret.current)
    pendingCaret.current = null
    setScrollPx(element.scrollLeft)
  }, [text])

  const written = (next: string, at: number): void => {
    pendingCaret.current = at
    setCaret(at)
    draftTyped(next)
  }
  const offer = (): void => {
    const names = selectLinks(useApp.getState()).map((link) => linkWords(link).name)
    completing.open(seenValues(session.rows, [...new Set(names)]))
  }
  const take = (item: CompletionItem): void => {
    const next = completing.taken(item)
    written(next.text, next.caret)
    offer()
  }
  const recall = (index: number): void => {
    const next = index < 0 ? '' : history[index]
    if (next === undefined) return
    setRemembered({ index, text: next })
    completing.close()
    written(next, next.length)
  }
  const isRecalling = remembered.index >= 0 && remembered.text === text

  const entered = (isBack: boolean): void => {
    const before = useApp.getState()
    completing.close()
    draftEntered()
    const after = useApp.getState()
    if (selectDraft(after).problem !== null) return
    if (mode === 'find') void findNext(session, isBack ? -1 : 1)
    else if (after.chipEdit !== null) {
      chipEditEnded(true)
      onLeave()
    } else if (before.listView === after.listView && text.trim() !== '') onLeave() // a second Enter: to what was found
  }
  const left = (): void => {
    const { listed, chipEdit, filters } = useApp.getState()
    if (chipEdit !== null) chipEditEnded(false)
    else if (mode === 'find') {
      barModeChosen('filter')
      onLeave()
    } else if (listed.scan !== null && filters.rule.isOn && filters.rule.filter !== '')
      ruleChanged({ isOn: false })
    else onLeave()
  }
  /** Whether the key means something here. */
  const keyPressed = (event: KeyboardEvent): boolean => {
    const { key } = event
    if (event.altKey || event.nativeEvent.isComposing) return false
    if (event.ctrlKey || event.metaKey) {
      if (key !== ' ') return false
      offer()
      return true
    }
    switch (key) {
      case 'ArrowDown':
        if (items.length > 0) completing.step(1)
        else if (isRecalling) recall(remembered.index - 1)
        else offer()
        return true
      case 'ArrowUp':
        if (isRecalling) recall(remembered.index + 1)
        else if (text === '' && active < 0) recall(0)
        else if (items.length > 0) completing.step(-1)
        return true
      case 'Tab': {
        const item = items[active] ?? (completing.isTyping && !event.shiftKey ? items[0] : undefined)
        if (item !== undefined) take(item)
        return item !== undefined
      }
      case 'Enter': {
        const item = items[active]
        if (item === undefined) entered(event.shiftKey)
        else take(item)
        return true
      }
      case 'Escape':
        if (items.length > 0) completing.close()
        else left()
        return true
    }
    return false
  }
  const pressed = (event: KeyboardEvent): void => {
    if (!keyPressed(event)) return
    event.preventDefault()
    event.stopPropagation()
  }

  const isFind = mode === 'find'
  const placeholder = isFind ? t.findPlaceholder : t.placeholder
  return (
    <span className="filter-field">
      {problem !== null && (
        <span className="underline mono" aria-hidden="true">
          <span style={{ transform: `translateX(${-scrollPx}px)` }}>
            {text.slice(0, problem.from)}
            <u>{text.slice(problem.from, problem.to) || '\u00a0'}</u>
          </span>
        </span>
      )}
      <input
        ref={input}
        className="mono"
        data-filter-field=""
        role="combobox"
        aria-label={isFind ? t.findField : t.field}
        aria-expanded={items.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={items.length > 0 && active >= 0 ? `${listId}-${active}` : undefined}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : problemId}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={MAX_FILTER_LENGTH}
        value={text}
        placeholder={placeholder}
        onChange={(event) => {
          setCaret(event.target.selectionStart ?? event.target.value.length)
          draftTyped(event.target.value)
          offer()
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
        onScroll={(event) => setScrollPx(event.currentTarget.scrollLeft)}
        onKeyDown={pressed}
        onBlur={completing.close}
      />
      {items.length > 0 && (
        <CompletionList
          listId={listId}
          items={items}
          active={active}
          from={completing.from}
          scrollPx={scrollPx}
          onTake={take}
        />
      )}
    </span>
  )
}
