import { type JSX, useState } from 'react'
import type { Note } from '../../shared/model/notes'
import { Icon } from '../ui/icons'
import { Menu, type MenuGroup, type ScreenPoint } from '../ui/Menu'
import { revealLine } from '../ui/visible-text'
import { auxTexts } from './aux/aux-texts'
import { AUX_KINDS, type AuxKind } from './aux/aux-types'
import { laneTexts } from './texts'
import { AXES, type AxisKind, type ColourMode, type LanePin, MODES } from './worker-protocol'

export interface LanesMenuProps {
  readonly kinds: readonly AuxKind[]
  readonly pins: readonly LanePin[]
  readonly notes: readonly Note[]
  readonly hasSelection: boolean
  readonly onKind: (kind: AuxKind) => void
  readonly onPin: (what: LanePin['what']) => void
  readonly onUnpin: (pin: LanePin) => void
  readonly onMarker: () => void
  readonly onNote: (note: Note) => void
  readonly onHelp: () => void
  readonly look: LanesLook
}

/** What has a control of its own in a pane that is wide enough. */
interface LanesLook {
  readonly mode: ColourMode
  readonly axis: AxisKind
  readonly hasByteRanges: boolean
  readonly isTable: boolean
  readonly onMode: (mode: ColourMode) => void
  readonly onAxis: (axis: AxisKind) => void
  readonly onByteRanges: () => void
  readonly onTable: () => void
}

/** Notes offered by name; the keys reach all of them. */
const MAX_LISTED_NOTES = 12

/** Which lanes stand below, what is pinned, and where the markers are. */
export function LanesMenu(props: LanesMenuProps): JSX.Element {
  const [at, setAt] = useState<ScreenPoint | null>(null)
  return (
    <>
      <button
        type="button"
        className="btn ghost sm"
        title={laneTexts.menuHint}
        aria-haspopup="menu"
        aria-expanded={at !== null}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect()
          setAt({ x: box.left, y: box.bottom + 4 })
        }}
      >
        {laneTexts.menu}
        <Icon name="down" small />
      </button>
      {at !== null && (
        <Menu label={laneTexts.menu} at={at} groups={groupsOf(props)} onClose={() => setAt(null)} />
      )}
    </>
  )
}

export const pinLabel = (pin: LanePin): string =>
  pin.what === 'message' ? `#${pin.messageId} ${pin.label}` : pin.label

function groupsOf(props: LanesMenuProps): MenuGroup[] {
  const { kinds, pins, notes, hasSelection } = props
  return [
    {
      label: laneTexts.menuShown,
      items: AUX_KINDS.map((kind) => ({
        key: kind,
        label: auxTexts.kinds[kind],
        isChecked: kinds.includes(kind),
        staysOpen: true,
        run: () => props.onKind(kind),
      })),
    },
    {
      label: laneTexts.menuPins,
      items: [
        {
          key: 'pin-message',
          label: laneTexts.pinMessage,
          hint: 'P',
          icon: 'pin',
          isDisabled: !hasSelection,
          run: () => props.onPin('message'),
        },
        {
          key: 'pin-lane',
          label: laneTexts.pinLane,
          hint: 'Shift P',
          isDisabled: !hasSelection,
          run: () => props.onPin('lane'),
        },
        ...pins.map((pin) => ({
          key: `unpin ${pinLabel(pin)}`,
          label: pin.what === 'lane' ? laneTexts.unpinLane(pin.label) : laneTexts.unpin(pinLabel(pin)),
          icon: 'x' as const,
          run: () => props.onUnpin(pin),
        })),
      ],
    },
    {
      label: laneTexts.menuNotes,
      items: [
        { key: 'marker', label: laneTexts.addMarker, hint: 'M', icon: 'flag', run: props.onMarker },
        ...notes.slice(-MAX_LISTED_NOTES).map((note) => ({
          key: `note ${note.noteId}`,
          label: revealLine(note.text) || auxTexts.noteKinds[note.kind],
          icon: 'note' as const,
          run: () => props.onNote(note),
        })),
      ],
    },
    ...lookGroups(props.look),
    { items: [{ key: 'help', label: laneTexts.help, hint: 'Alt F1', icon: 'help', run: props.onHelp }] },
  ]
}

function lookGroups({ mode, axis, hasByteRanges, isTable, ...act }: LanesLook): MenuGroup[] {
  return [
    {
      label: laneTexts.colourMode,
      items: MODES.map((value) => ({
        key: value,
        label: laneTexts.modes[value],
        hint: 'C',
        isChecked: value === mode,
        isRadio: true,
        run: () => act.onMode(value),
      })),
    },
    {
      label: laneTexts.axis,
      items: AXES.map((value) => ({
        key: value,
        label: laneTexts.axes[value],
        hint: 'O',
        isChecked: value === axis,
        isRadio: true,
        run: () => act.onAxis(value),
      })),
    },
    {
      items: [
        {
          key: 'bytes',
          label: laneTexts.menuBytes,
          hint: 'B',
          isChecked: hasByteRanges,
          run: act.onByteRanges,
        },
        { key: 'table', label: laneTexts.menuTable, hint: 'Alt L', isChecked: isTable, run: act.onTable },
      ],
    },
  ]
}
