import {
  type JSX,
  type KeyboardEvent,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { rememberFocus } from '../../ui/focus-before'
import { Icon } from '../../ui/icons'
import { paletteTexts as t } from './texts'
import type { PaletteEntry } from './palette-entry'
import { type PaletteQuery, type PaletteScope, parseQuery } from './palette-query'
import { type FoundEntry, PaletteIndex } from './palette-search'
import { entryUsed, recentEntries } from './recent-entries'
import './palette.css'

interface CommandPaletteProps {
  readonly entries: readonly PaletteEntry[]
  /** What the query means by itself, such as a number behind `#`. */
  readonly literalEntries: (query: PaletteQuery) => readonly PaletteEntry[]
  /** Closes it and gives the focus back; what was chosen acts after that. */
  readonly onClose: () => void
}

const PAGE_ROWS = 8
const KIND_OF_SCOPE: Readonly<Partial<Record<PaletteScope, PaletteEntry['kind']>>> = {
  command: 'command',
  filter: 'filter',
  route: 'route',
}

interface Results {
  readonly found: readonly FoundEntry[]
  readonly total: number
}

/** One field over everything that can be done, by the first letters that come to mind. */
export function CommandPalette({ entries, literalEntries, onClose }: CommandPaletteProps): JSX.Element {
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const [recent] = useState(recentEntries)
  const field = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const id = useId()
  const query = useMemo(() => parseQuery(typed), [typed])
  const { scope } = query
  const index = useMemo(() => {
    const kind = KIND_OF_SCOPE[scope]
    const isSought = scope === 'all' || kind !== undefined
    return new PaletteIndex(
      isSought ? entries.filter((entry) => kind === undefined || entry.kind === kind) : [],
    )
  }, [entries, scope])
  const { found, total } = useMemo((): Results => {
    const literal = literalEntries(query).map((entry): FoundEntry => ({ entry, at: [] }))
    const sought = index.find(query.text, recent)
    return { found: [...literal, ...sought.found], total: literal.length + sought.total }
  }, [query, index, literalEntries, recent])
  const active = Math.min(at, found.length - 1)

  // not a layout effect: when it ends, the page below may take the focus again
  useEffect(() => {
    const giveBack = rememberFocus()
    field.current?.focus()
    return giveBack
  }, [])
  useLayoutEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [active, found])

  const run = ({ entry }: FoundEntry): void => {
    entryUsed(entry.id)
    onClose()
    entry.run()
  }
  const pressed = (event: KeyboardEvent): void => {
    const last = found.length - 1
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: active >= last ? 0 : active + 1,
      ArrowUp: active <= 0 ? last : active - 1,
      PageDown: Math.min(last, active + PAGE_ROWS),
      PageUp: Math.max(0, active - PAGE_ROWS),
    }
    const next = moves[event.key]
    const isOwn = next !== undefined || ['Escape', 'Enter', 'Tab'].includes(event.key)
    if (!isOwn || event.nativeEvent.isComposing) return
    event.preventDefault()
    event.stopPropagation()
    if (event.key === 'Escape') onClose()
    const chosen = found[active]
    if (event.key === 'Enter' && chosen !== undefined) run(chosen)
    if (next !== undefined && last >= 0) setAt(next)
  }

  return (
    <div
      className="palette-veil"
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) onClose()
      }}
    >
      <div className="palette" role="dialog" aria-modal="true" aria-label={t.title} onKeyDown={pressed}>
        <label className="palette-field">
          <Icon name="search" />
          <input
            ref={field}
            role="combobox"
            aria-label={t.field}
            aria-expanded={found.length > 0}
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            aria-activedescendant={found.length > 0 ? `${id}-${active}` : undefined}
            placeholder={t.placeholder}
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value)
              setAt(0)
            }}
          />
        </label>
        <div
          ref={list}
          id={`${id}-list`}
          className="palette-list scrolls"
          role="listbox"
          aria-label={t.results}
        >
          {found.map((one, place) => (
            <Row
              key={one.entry.id}
              id={`${id}-${place}`}
              found={one}
              isActive={place === active}
              onPoint={() => setAt(place)}
              onRun={() => run(one)}
            />
          ))}
        </div>
        {found.length === 0 && <Nothing query={query} />}
        <p className="sr-only" role="status">
          {typed !== '' && t.found(found.length, total)}
        </p>
        <footer>
          {t.scopes.map(([sign, what]) => (
            <span key={sign}>
              <kbd>{sign}</kbd> {what}
            </span>
          ))}
          <span className="grow" />
          <span>
            <kbd>↑↓</kbd> {t.hints.move}
          </span>
          <span>
            <kbd>Enter</kbd> {t.hints.run}
          </span>
          <span>
            <kbd>Esc</kbd> {t.hints.close}
          </span>
        </footer>
      </div>
    </div>
  )
}

/** Why there is nothing, and what to type instead. */
function Nothing({ query: { scope, text } }: { readonly query: PaletteQuery }): JSX.Element {
  const wrong =
    scope === 'message'
      ? /^\d+$/.test(text)
        ? t.goneMessage(text)
        : t.badMessage(text)
      : scope === 'time'
        ? t.badTime(text)
        : scope === 'filter'
          ? t.badFilter
          : t.none(text)
  return (
    <div className="palette-none">
      <p>{text === '' ? t.noneOf[scope] : wrong}</p>
      {text !== '' && <p className="t3">{scope === 'all' ? t.noneHint : t.noneOf[scope]}</p>}
    </div>
  )
}

interface RowProps {
  readonly id: string
  readonly found: FoundEntry
  readonly isActive: boolean
  readonly onPoint: () => void
  readonly onRun: () => void
}

function Row({ id, found: { entry, at }, isActive, onPoint, onRun }: RowProps): JSX.Element {
  return (
    // the keys are those of the field, which keeps the focus
    // biome-ignore lint/a11y/useFocusableInteractive: named by the field as its active descendant
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the field does it
    <div id={id} role="option" aria-selected={isActive} onPointerMove={onPoint} onClick={onRun}>
      <Icon name={entry.icon} />
      <span className="palette-title ell">
        <Lit text={entry.title} at={at} />
      </span>
      <span className="palette-detail ell">{entry.detail}</span>
      {entry.kind !== 'command' && <span className="palette-kind">{t.kinds[entry.kind]}</span>}
      {entry.keys !== '' && <kbd>{entry.keys}</kbd>}
    </div>
  )
}

/** The letters that were typed stand out. */
function Lit({ text, at }: { readonly text: string; readonly at: readonly number[] }): JSX.Element {
  const lit = new Set(at)
  const parts: { readonly from: number; readonly text: string; readonly isLit: boolean }[] = []
  for (let from = 0; from < text.length; ) {
    const isLit = lit.has(from)
    let to = from + 1
    while (to < text.length && lit.has(to) === isLit) to += 1
    parts.push({ from, text: text.slice(from, to), isLit })
    from = to
  }
  return <>{parts.map((part) => (part.isLit ? <b key={part.from}>{part.text}</b> : part.text))}</>
}
