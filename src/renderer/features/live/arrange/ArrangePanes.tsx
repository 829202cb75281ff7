import { type JSX, type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react'
import { LAYOUT_PANES, type LayoutNode, type LayoutPane } from '../../../../shared/model/layout'
import { useApp } from '../../../store/app-store'
import {
  moved,
  movedInto,
  neighbourOf,
  panesOf,
  placed,
  type Side,
  withPane,
  without,
} from '../../../store/layout-tree'
import { rememberFocus } from '../../../ui/focus-before'
import { type DropTarget, dropped, dropTargetAt } from './drop-target'
import { placeStyle } from './place-style'
import { arrangeTexts as t } from './texts'

const SIDES: Readonly<Record<string, Side>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'above',
  ArrowDown: 'below',
}

interface Drag {
  readonly pane: LayoutPane
  readonly target: DropTarget | null
}

/** The panes as cards that can be dragged, or moved by keys, until one is through with it. */
export function ArrangePanes({ layout }: { readonly layout: LayoutNode }): JSX.Element {
  const { layoutChanged, arrangingToggled } = useApp.getState()
  const [drag, setDrag] = useState<Drag | null>(null)
  const box = useRef<HTMLDivElement>(null)
  const latest = useRef(layout)
  useEffect(() => {
    latest.current = layout
  }, [layout])
  useEffect(() => {
    const giveBack = rememberFocus()
    box.current?.querySelector('button')?.focus()
    return giveBack
  }, [])

  const change = (changed: LayoutNode | null, focused?: LayoutPane): void => {
    if (changed !== null) layoutChanged(changed)
    // the card is another element where its place is another
    if (focused !== undefined) {
      requestAnimationFrame(() =>
        box.current?.querySelector<HTMLElement>(`[data-card="${focused}"]`)?.focus(),
      )
    }
  }
  const hide = (pane: LayoutPane): void => {
    change(without(layout, pane))
    requestAnimationFrame(() => box.current?.querySelector('button')?.focus())
  }
  const pressed = (event: KeyboardEvent): void => {
    const pane = LAYOUT_PANES.find(
      (one) => event.target instanceof HTMLElement && event.target.dataset['card'] === one,
    )
    const side = SIDES[event.key]
    const isOwn =
      event.key === 'Escape' || (pane !== undefined && (side !== undefined || /^[th]$/i.test(event.key)))
    event.stopPropagation()
    if (!isOwn) return
    event.preventDefault()
    if (event.key === 'Escape') arrangingToggled(false)
    else if (pane !== undefined && side !== undefined) change(moved(layout, pane, side), pane)
    else if (pane !== undefined && event.key.toLowerCase() === 'h') hide(pane)
    else if (pane !== undefined) {
      const other = nextTo(layout, pane)
      if (other !== null) change(movedInto(layout, pane, other), pane)
    }
  }
  const grabbed = (event: PointerEvent<HTMLButtonElement>, pane: LayoutPane): void => {
    const card = event.currentTarget
    const page = box.current?.getBoundingClientRect()
    if (page === undefined) return
    card.setPointerCapture(event.pointerId)
    let target: DropTarget | null = null
    const pulled = ({ clientX, clientY }: globalThis.PointerEvent): void => {
      const x = (clientX - page.left) / page.width
      const y = (clientY - page.top) / page.height
      target = dropTargetAt(latest.current, pane, x, y)
      setDrag({ pane, target })
    }
    const released = (): void => {
      card.removeEventListener('pointermove', pulled)
      card.removeEventListener('lostpointercapture', released)
      setDrag(null)
      if (target !== null) change(dropped(latest.current, pane, target), pane)
    }
    card.addEventListener('pointermove', pulled)
    card.addEventListener('lostpointercapture', released)
  }
  const hidden = LAYOUT_PANES.filter((pane) => !panesOf(layout).includes(pane))
  return (
    <div ref={box} className="arrange" role="dialog" aria-label={t.title} onKeyDown={pressed}>
      {placed(layout).groups.map(({ group, place, path }) => (
        <div key={path.join('-')} className="arrange-place" style={placeStyle(place)}>
          {group.panes.map((pane) => (
            <button
              key={pane}
              type="button"
              className={drag?.pane === pane ? 'btn dragged' : 'btn'}
              data-card={pane}
              aria-label={t.move(t.panes[pane])}
              onPointerDown={(event) => grabbed(event, pane)}
            >
              {t.panes[pane]}
            </button>
          ))}
        </div>
      ))}
      {drag?.target && <div className="arrange-target" style={placeStyle(drag.target.place)} />}
      <div className="arrange-bar card">
        <p className="grow">{t.hint}</p>
        {hidden.length > 0 && <span className="t3">{t.hidden}</span>}
        {hidden.map((pane) => (
          <button
            key={pane}
            type="button"
            className="btn"
            onClick={() => change(withPane(layout, pane), pane)}
          >
            {t.show(t.panes[pane])}
          </button>
        ))}
        <button
          type="button"
          className="btn"
          onClick={() => {
            layoutChanged(null)
            arrangingToggled(false)
          }}
        >
          {t.usual}
        </button>
        <button type="button" className="btn primary" onClick={() => arrangingToggled(false)}>
          {t.done}
        </button>
      </div>
    </div>
  )
}

/** The pane below, else at any side. */
const nextTo = (layout: LayoutNode, pane: LayoutPane): LayoutPane | null =>
  (['below', 'right', 'above', 'left'] as const)
    .map((side) => neighbourOf(layout, pane, side))
    .find((other) => other !== null) ?? null
