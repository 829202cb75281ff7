import { type JSX, type SyntheticEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import type { ContractClient } from '../../../shared/contract/contract-client'
import { compileFilter, fieldInfo, FILTER_FIELDS, parseField } from '../../../shared/filter'
import { quoted } from '../../../shared/filter/literals'
import type { NumericField } from '../../../shared/model/series'
import { ComboBox } from '../../ui/ComboBox'
import { Segmented } from '../../ui/Segmented'
import type { PlotSeries } from './kept-plots'
import { chartTexts as t } from './texts'

interface PlotEditorProps {
  readonly client: ContractClient
  /** Of the plot that the series is added to; null makes a new one. */
  readonly title: string | null
  readonly onAdd: (series: PlotSeries) => void
  readonly onClose: () => void
}

const SHAPES = ['line', 'points'] as const
const NUMBERS = FILTER_FIELDS.filter(({ type }) => type === 'number').map(({ name }) => name)

/** Asks which number of which messages is to be drawn. */
export function PlotEditor({ client, title, onAdd, onClose }: PlotEditorProps): JSX.Element {
  const [filter, setFilter] = useState('')
  const [field, setField] = useState('')
  const [shape, setShape] = useState<PlotSeries['shape']>('line')
  const [wasTried, setWasTried] = useState(false)
  const seen = useSeenFields(client)
  const form = useRef<HTMLFormElement>(null)
  const noteId = useId()
  useEffect(() => {
    form.current?.querySelector('input')?.focus()
  }, [])
  const routes = useMemo(() => [...new Set(seen.map(({ route }) => route))].map(routeFilter), [seen])
  const fields = useMemo(() => {
    const own = seen.filter(
      ({ route }) => filter.trim() === '' || !routes.includes(filter) || routeFilter(route) === filter,
    )
    return [...new Set(own.map((each) => each.field)), ...NUMBERS]
  }, [seen, routes, filter])
  const filterProblem = problemOfFilter(filter)
  const fieldProblem = problemOfField(field)
  const problem = filterProblem ?? (wasTried || field !== '' ? fieldProblem : null)
  const submitted = (event: SyntheticEvent): void => {
    event.preventDefault()
    setWasTried(true)
    if (filterProblem !== null || fieldProblem !== null) return
    onAdd({ filter: filter.trim(), field: field.trim(), shape })
  }
  return (
    <form
      ref={form}
      className="ch-editor"
      aria-label={title === null ? t.plot.heading : t.plot.headingMore(title)}
      aria-describedby={noteId}
      onSubmit={submitted}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Escape' && !event.defaultPrevented) onClose()
        // the completed text stands in the field: Enter adds it
        if (event.key === 'Enter' && !event.defaultPrevented && event.target instanceof HTMLInputElement) {
          event.preventDefault()
          event.currentTarget.requestSubmit()
        }
      }}
    >
      <b className="ell">{title === null ? t.plot.heading : t.plot.headingMore(title)}</b>
      <span className="t3">{t.plot.filter}</span>
      <span className={filterProblem === null ? 'field' : 'field bad'}>
        <ComboBox
          value={filter}
          options={routes}
          label={t.plot.filter}
          placeholder={t.plot.filterPlaceholder}
          isBad={filterProblem !== null}
          onChange={setFilter}
        />
      </span>
      <span className="t3">{t.plot.field}</span>
      <span className={problem === null || filterProblem !== null ? 'field' : 'field bad'}>
        <ComboBox
          value={field}
          options={fields}
          label={t.plot.field}
          placeholder={t.plot.fieldPlaceholder}
          isBad={problem !== null && filterProblem === null}
          onChange={setField}
        />
      </span>
      <Segmented
        label={t.plot.shape}
        value={shape}
        options={SHAPES.map((value) => ({ value, label: t.plot.shapes[value] }))}
        onChange={setShape}
      />
      <button type="submit" className="btn primary sm">
        {t.plot.add}
      </button>
      <button type="button" className="btn ghost sm" onClick={onClose}>
        {t.plot.cancel}
      </button>
      <p id={noteId} className="err" role="status">
        {problem}
      </p>
    </form>
  )
}

/** Numbers inside recent bodies, by route: asked for once, when somebody begins. */
function useSeenFields(client: ContractClient): readonly NumericField[] {
  const [seen, setSeen] = useState<readonly NumericField[]>([])
  useEffect(() => {
    let isOver = false
    client.call('series.fields', { filter: '' }).then(
      ({ fields }) => {
        if (!isOver) setSeen(fields)
      },
      () => undefined, // without them any field can still be typed
    )
    return () => {
      isOver = true
    }
  }, [client])
  return seen
}

const routeFilter = (route: string): string => `msg.route == ${quoted(route)}`

function problemOfFilter(text: string): string | null {
  const result = compileFilter(text)
  return result.ok ? null : (result.problems[0]?.message ?? null)
}

function problemOfField(text: string): string | null {
  if (text.trim() === '') return t.plot.needsField
  const field = parseField(text.trim())
  if ('message' in field) return field.message
  const { type } = fieldInfo(field)
  const isNumber = type === 'number' || type === 'any' || type === 'boolean'
  return isNumber ? null : t.plot.notNumber(type)
}
