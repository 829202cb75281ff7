import { type JSX, useEffect, useRef } from 'react'
import { rememberFocus } from '../ui/focus-before'
import { laneTexts } from './texts'

const KEYS: readonly (readonly [keys: string, what: string])[] = [
  ['W S', 'zoom in, zoom out'],
  ['A D', 'earlier, later'],
  ['Home End', 'oldest, follow the newest'],
  ['↑ ↓', 'scroll; in the table from message to message'],
  [', .', 'chunk before, chunk after in the same lane'],
  ['[ ]', 'the other message of the exchange'],
  ['F, F F', 'centre the selection, fit it'],
  ['Shift ← →', 'select a span; Z zooms to it'],
  ['M, Shift M', 'marker, note at the pointer or the selection'],
  ['Alt , Alt .', 'marker before, marker after, and the time between'],
  ['Delete', 'take the chosen marker away'],
  ['P, Shift P', 'pin the selected message, its lane'],
  ['C O B', 'colours, axis, byte ranges'],
  ['Alt L', 'table instead of the picture'],
  ['Esc', 'clear the span, then the marker, then the selection'],
]

/** Every key of the pane, read out when it opens. Escape closes it, and the focus goes back. */
export function LanesHelp({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const giveBack = rememberFocus()
    box.current?.focus()
    return giveBack
  }, [])
  return (
    <div
      ref={box}
      className="lanes-help scrolls"
      role="dialog"
      aria-labelledby="lanes-help-title"
      aria-describedby="lanes-help-keys"
      tabIndex={-1}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Escape') onClose()
      }}
      onBlur={onClose}
    >
      <h3 id="lanes-help-title">{laneTexts.help}</h3>
      <dl id="lanes-help-keys">
        {KEYS.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
