import { type JSX, type KeyboardEvent, type MouseEvent, useRef, useState } from 'react'
import { useApp } from '../../store/app-store'
import { type FilterChip, FILTER_MODES, MAX_CHIP_NAME } from '../../store/filters'
import { useSession } from '../../store/session-context'
import { Icon } from '../../ui/icons'
import { Menu, type MenuGroup, type ScreenPoint } from '../../ui/Menu'
import { roving } from '../../ui/roving'
import { TextPrompt } from '../../ui/TextPrompt'
import { groupDigits } from '../../ui/format'
import { hueItems } from './hue-items'
import { filterTexts as t } from './texts'

interface Popup {
  readonly kind: 'menu' | 'rename'
  readonly chipId: number
  readonly at: ScreenPoint
}

/** The saved filters, switched one by one. A toolbar: Tab enters it, arrows lead through it. */
export function ChipBar({ onLeave }: { readonly onLeave: () => void }): JSX.Element | null {
  const chips = useApp((s) => s.filters.chips)
  const editedId = useApp((s) => s.chipEdit?.chipId ?? null)
  const { chipChanged, chipRemoved, chipMoved } = useApp.getState()
  const bar = useRef<HTMLDivElement>(null)
  const [currentId, setCurrentId] = useState(0)
  const [popup, setPopup] = useState<Popup | null>(null)
  if (chips.length === 0) return null

  const at = Math.max(
    0,
    chips.findIndex(({ chipId }) => chipId === currentId),
  )
  const focus = (index: number): void => {
    bar.current?.querySelectorAll<HTMLElement>('.chip')[index]?.focus()
  }
  const removed = (chip: FilterChip): void => {
    chipRemoved(chip.chipId)
    const rest = useApp.getState().filters.chips.length
    if (rest === 0) onLeave()
    else requestAnimationFrame(() => focus(Math.min(at, rest - 1)))
  }
  const pressed = (event: KeyboardEvent): void => {
    const chip = chips[at]
    if (chip === undefined || event.ctrlKey || event.metaKey) return
    const { key } = event
    const isMove = event.altKey && (key === 'ArrowLeft' || key === 'ArrowRight')
    const next = event.altKey ? undefined : roving(key, at, chips.length)
    if (isMove) {
      chipMoved(chip.chipId, key === 'ArrowLeft' ? -1 : 1)
      requestAnimationFrame(() =>
        bar.current?.querySelector<HTMLElement>(`[data-chip="${chip.chipId}"]`)?.focus(),
      )
    } else if (next !== undefined) focus(next)
    else if (key === 'Delete') removed(chip)
    else if (key === 'F2') setPopup({ kind: 'rename', chipId: chip.chipId, at: below(event.target) })
    else if (key === 'ContextMenu' || (key === 'F10' && event.shiftKey))
      setPopup({ kind: 'menu', chipId: chip.chipId, at: below(event.target) })
    else if (key === 'Escape') onLeave()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const menuAsked = (event: MouseEvent, chip: FilterChip): void => {
    event.preventDefault()
    setPopup({ kind: 'menu', chipId: chip.chipId, at: { x: event.clientX, y: event.clientY } })
  }
  const asked = chips.find(({ chipId }) => chipId === popup?.chipId)
  return (
    <div
      ref={bar}
      className="chips"
      role="toolbar"
      aria-label={t.chips}
      title={t.chipsHint}
      onKeyDown={pressed}
    >
      {chips.map((chip, index) => (
        <Chip
          key={chip.chipId}
          chip={chip}
          isCurrent={index === at}
          isEdited={chip.chipId === editedId}
          onFocus={() => setCurrentId(chip.chipId)}
          onToggle={() => chipChanged(chip.chipId, { isOn: !chip.isOn })}
          onMenu={(event) => menuAsked(event, chip)}
        />
      ))}
      {popup?.kind === 'menu' && asked !== undefined && (
        <ChipMenu
          chip={asked}
          at={popup.at}
          isFirst={chips[0] === asked}
          isLast={chips.at(-1) === asked}
          onRename={() => setPopup({ ...popup, kind: 'rename' })}
          onRemove={() => removed(asked)}
          onClose={() => setPopup((now) => (now?.kind === 'menu' ? null : now))}
        />
      )}
      {popup?.kind === 'rename' && asked !== undefined && (
        <TextPrompt
          label={t.name}
          at={popup.at}
          initial={asked.name}
          placeholder={t.namePlaceholder}
          save={t.saveName}
          maxLength={MAX_CHIP_NAME}
          onSave={(name) => name !== '' && chipChanged(asked.chipId, { name })}
          onClose={() => setPopup(null)}
        />
      )}
    </div>
  )
}

interface ChipProps {
  readonly chip: FilterChip
  /** Where Tab enters the bar. */
  readonly isCurrent: boolean
  readonly isEdited: boolean
  readonly onFocus: () => void
  readonly onToggle: () => void
  readonly onMenu: (event: MouseEvent) => void
}

function Chip({ chip, isCurrent, isEdited, onFocus, onToggle, onMenu }: ChipProps): JSX.Element {
  const { rows } = useSession()
  const { name, mode, hue, filter, isOn, chipId } = chip
  const markAt = isOn && mode !== 'hide' ? rows.view.marks.indexOf(filter) : -1
  const matches = useApp((s) => (markAt < 0 ? null : (s.listed.marked[markAt] ?? null)))
  const what = mode === 'colour' ? `${t.modes.colour} ${t.hues[hue]}` : t.modes[mode]
  return (
    <button
      type="button"
      className={isEdited ? 'chip edited' : 'chip'}
      data-chip={chipId}
      aria-pressed={isOn}
      aria-label={`${name}, ${what}`}
      title={t.chipTitle(what, filter)}
      tabIndex={isCurrent ? 0 : -1}
      onFocus={onFocus}
      onClick={onToggle}
      onContextMenu={onMenu}
    >
      {mode === 'colour' ? (
        <i className="sw" data-hue={hue} />
      ) : (
        <Icon name={mode === 'hide' ? 'filter' : 'dim'} small />
      )}
      <span className="ell">{name}</span>
      {matches !== null && <span className="t3 tabular">{groupDigits(matches)}</span>}
    </button>
  )
}

interface ChipMenuProps {
  readonly chip: FilterChip
  readonly at: ScreenPoint
  readonly isFirst: boolean
  readonly isLast: boolean
  readonly onRename: () => void
  readonly onRemove: () => void
  readonly onClose: () => void
}

function ChipMenu({ chip, at, isFirst, isLast, onRename, onRemove, onClose }: ChipMenuProps): JSX.Element {
  const { chipChanged, chipMoved, chipEdited } = useApp.getState()
  const { chipId, mode, hue } = chip
  const edit = (): void => {
    chipEdited(chipId)
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-filter-field]')?.focus())
  }
  const groups: MenuGroup[] = [
    {
      items: [
        { key: 'edit', label: t.edit, icon: 'edit', run: edit },
        { key: 'rename', label: t.rename, hint: 'F2', staysOpen: true, run: onRename },
      ],
    },
    {
      label: t.modeLabel,
      items: FILTER_MODES.map((value) => ({
        key: value,
        label: t.modes[value],
        isChecked: value === mode,
        isRadio: true,
        staysOpen: true,
        run: () => chipChanged(chipId, { mode: value }),
      })),
    },
    ...(mode === 'colour'
      ? [{ label: t.colour, items: hueItems(hue, (chosen) => chipChanged(chipId, { hue: chosen })) }]
      : []),
    {
      items: [
        {
          key: 'left',
          label: t.moveLeft,
          hint: 'Alt ←',
          isDisabled: isFirst,
          run: () => chipMoved(chipId, -1),
        },
        {
          key: 'right',
          label: t.moveRight,
          hint: 'Alt →',
          isDisabled: isLast,
          run: () => chipMoved(chipId, 1),
        },
        { key: 'remove', label: t.remove, icon: 'trash', hint: 'Delete', run: onRemove },
      ],
    },
  ]
  return <Menu label={t.chipMenu(chip.name)} at={at} groups={groups} onClose={onClose} />
}

function below(target: EventTarget): ScreenPoint {
  const box = target instanceof Element ? target.getBoundingClientRect() : { left: 0, bottom: 0 }
  return { x: box.left, y: box.bottom + 4 }
}
