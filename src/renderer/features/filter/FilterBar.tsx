import { type JSX, useId, useState } from 'react'
import { useApp } from '../../store/app-store'
import { selectDraft } from '../../store/filter-slice'
import { type FilterMode, FILTER_MODES, type Hue, MAX_CHIP_NAME, MAX_CHIPS } from '../../store/filters'
import { findNext } from '../../store/find-next'
import { useSession } from '../../store/session-context'
import { Icon } from '../../ui/icons'
import { Menu, type ScreenPoint } from '../../ui/Menu'
import { Segmented } from '../../ui/Segmented'
import { TextPrompt } from '../../ui/TextPrompt'
import { ChipBar } from './ChipBar'
import { FilterField } from './FilterField'
import { FilterProblemLine } from './FilterProblemLine'
import { FilterState } from './FilterState'
import { hueItems } from './hue-items'
import { filterTexts as t } from './texts'
import './filter.css'

/** Where messages are chosen: the filter being written, the saved ones, and what is looked for. */
export function FilterBar({ onLeave }: { readonly onLeave: () => void }): JSX.Element {
  const mode = useApp((s) => s.barMode)
  const isOn = useApp((s) => s.filters.rule.isOn)
  const isUsed = useApp((s) => s.filters.rule.filter !== '')
  const isBad = useApp((s) => selectDraft(s).problem !== null)
  const hasText = useApp((s) => selectDraft(s).text !== '')
  const editedId = useApp((s) => s.chipEdit?.chipId ?? null)
  const edited = useApp((s) => s.filters.chips.find(({ chipId }) => chipId === editedId))
  const { ruleChanged, barModeChosen, draftTyped, draftEntered } = useApp.getState()
  const problemId = useId()
  const isFind = mode === 'find'
  const classes = ['field filter-line', isBad && 'bad', !isFind && !isOn && isUsed && 'off']
  return (
    <div className="filter-bar" role="search" aria-label={t.bar}>
      <div className="filter-row">
        <div className={classes.filter(Boolean).join(' ')}>
          {isFind ? (
            <IconButton icon="search" label={t.finding} onPress={() => barModeChosen('filter')} />
          ) : (
            <button
              type="button"
              className={isUsed && isOn ? 'btn ghost sm sq is-on' : 'btn ghost sm sq'}
              aria-pressed={isOn}
              aria-label={isOn ? t.on : t.off}
              title={isOn ? t.on : t.off}
              disabled={!isUsed}
              onClick={() => ruleChanged({ isOn: !isOn })}
            >
              <Icon name="filter" />
            </button>
          )}
          {edited !== undefined && <span className="filter-editing">{t.editing(edited.name)}</span>}
          <FilterField problemId={problemId} onLeave={onLeave} />
          <FilterState />
          {hasText && (
            <IconButton
              icon="x"
              label={t.clear}
              onPress={() => {
                draftTyped('')
                draftEntered()
                document.querySelector<HTMLElement>('[data-filter-field]')?.focus()
              }}
            />
          )}
        </div>
        {isFind ? (
          <FindButtons />
        ) : edited === undefined ? (
          <RuleButtons />
        ) : (
          <EditButtons onLeave={onLeave} />
        )}
      </div>
      <FilterProblemLine id={problemId} />
      <ChipBar onLeave={onLeave} />
    </div>
  )
}

interface IconButtonProps {
  readonly icon: 'x' | 'search' | 'arrowUp' | 'arrowDown'
  readonly label: string
  readonly onPress: () => void
}

function IconButton({ icon, label, onPress }: IconButtonProps): JSX.Element {
  return (
    <button type="button" className="btn ghost sm sq" aria-label={label} title={label} onClick={onPress}>
      <Icon name={icon} />
    </button>
  )
}

function FindButtons(): JSX.Element {
  const session = useSession()
  return (
    <>
      <IconButton icon="arrowUp" label={t.previous} onPress={() => void findNext(session, -1)} />
      <IconButton icon="arrowDown" label={t.next} onPress={() => void findNext(session, 1)} />
    </>
  )
}

const modeOptions: readonly { readonly value: FilterMode; readonly label: string }[] = FILTER_MODES.map(
  (value) => ({
    value,
    label: t.modes[value],
  }),
)

/** What the filter does, and keeping it. */
function RuleButtons(): JSX.Element {
  const filter = useApp((s) => s.filters.rule.filter)
  const chips = useApp((s) => s.filters.chips.length)
  const { chipSaved } = useApp.getState()
  const [at, setAt] = useState<ScreenPoint | null>(null)
  const isFull = chips >= MAX_CHIPS
  return (
    <>
      <RuleMode />
      <button
        type="button"
        className="btn ghost sm"
        title={isFull ? t.tooMany(MAX_CHIPS) : t.saveHint}
        aria-haspopup="dialog"
        disabled={filter === '' || isFull}
        onClick={(event) => setAt(below(event.currentTarget))}
      >
        <Icon name="plus" />
        {t.save}
      </button>
      {at !== null && (
        <TextPrompt
          label={t.name}
          at={at}
          initial={suggestedName(filter)}
          placeholder={t.namePlaceholder}
          save={t.saveName}
          maxLength={MAX_CHIP_NAME}
          onSave={(name) => name !== '' && chipSaved(name)}
          onClose={() => setAt(null)}
        />
      )}
    </>
  )
}

function RuleMode(): JSX.Element {
  const mode = useApp((s) => s.filters.rule.mode)
  const hue = useApp((s) => s.filters.rule.hue)
  const { ruleChanged } = useApp.getState()
  const [at, setAt] = useState<ScreenPoint | null>(null)
  return (
    <>
      {mode === 'colour' && (
        <button
          type="button"
          className="btn ghost sm"
          aria-haspopup="menu"
          title={t.hue}
          onClick={(event) => setAt(below(event.currentTarget))}
        >
          <i className="sw" data-hue={hue} />
          {t.hues[hue]}
        </button>
      )}
      <span title={t.modeHints[mode]}>
        <Segmented
          label={t.modeLabel}
          value={mode}
          options={modeOptions}
          onChange={(value) => ruleChanged({ mode: value })}
        />
      </span>
      {at !== null && (
        <Menu
          label={t.hue}
          at={at}
          groups={[{ items: hueItems(hue, (chosen: Hue) => ruleChanged({ hue: chosen })) }]}
          onClose={() => setAt(null)}
        />
      )}
    </>
  )
}

function EditButtons({ onLeave }: { readonly onLeave: () => void }): JSX.Element {
  const isBad = useApp((s) => s.drafts.filter.problem !== null || s.filters.rule.filter === '')
  const { chipEditEnded, draftSettled } = useApp.getState()
  const ended = (isSaved: boolean): void => {
    draftSettled()
    chipEditEnded(isSaved)
    onLeave()
  }
  return (
    <>
      <RuleMode />
      <button type="button" className="btn sm" disabled={isBad} onClick={() => ended(true)}>
        {t.editSave}
        <kbd>⏎</kbd>
      </button>
      <button type="button" className="btn ghost sm" onClick={() => ended(false)}>
        {t.editCancel}
      </button>
    </>
  )
}

const below = (element: Element): ScreenPoint => {
  const { left, bottom } = element.getBoundingClientRect()
  return { x: left, y: bottom + 4 }
}

/** Something to begin with: the values of the filter, without fields and signs. */
function suggestedName(filter: string): string {
  const texts = [...filter.matchAll(/"([^"]+)"/g)].map((match) => match[1])
  return (texts.length > 0 ? texts.join(' ') : filter).slice(0, 24)
}
