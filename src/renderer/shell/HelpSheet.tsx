import { type JSX, type KeyboardEvent, useEffect, useRef } from 'react'
import { useApp } from '../store/app-store'
import { Icon } from '../ui/icons'
import { texts } from '../ui/texts'

const k = texts.help.keys
type Group = keyof typeof texts.help.groups

/** The keys that work, and nothing else. */
const KEYS: Readonly<Record<Group, readonly (readonly [keys: readonly string[], what: string])[]>> = {
  everywhere: [
    [['Ctrl', 'O'], k.connect],
    [['Ctrl', '/'], k.filter],
    [['Ctrl', 'F'], k.find],
    [['F3', 'Shift F3'], k.findNext],
    [['Alt click'], k.filterOn],
    [['Ctrl', 'Enter'], k.send],
    [['Ctrl', 'Shift', 'L'], k.lock],
    [['Ctrl', 'Shift', 'D'], k.reset],
    [['Ctrl', 'Shift', 'T'], k.triggers],
    [['E'], k.explain],
    [['Space'], k.pause],
    [['End'], k.newest],
    [['F6', 'Shift F6'], k.panes],
    [['Ctrl 1', '2', '3'], k.pageOf],
    [['?'], k.help],
  ],
  list: [
    [['↑', '↓'], k.rows],
    [['Page ↑', 'Page ↓'], k.pages],
    [['Home'], k.oldest],
    [['[', ']'], k.partner],
    [['Enter'], k.open],
    [['Shift ↑', 'Ctrl A'], k.range],
    [['Ctrl C', 'Ctrl Shift C'], k.copyRows],
    [['G'], k.group],
    [['M', 'Shift M'], k.marks],
    [['Delete'], k.unmark],
    [['Shift F10'], k.rowMenu],
  ],
  lanes: [
    [['W', 'S'], k.zoom],
    [['A', 'D'], k.pan],
    [['F'], k.fit],
    [[',', '.'], k.chunks],
    [['C'], k.colours],
    [['M', 'Shift M'], k.laneMarks],
    [['Alt ,', 'Alt .'], k.laneMarkSteps],
    [['P', 'Shift P'], k.lanePins],
    [['Alt L'], k.laneTable],
    [['Alt F1'], k.laneHelp],
  ],
  terminal: [
    [['Enter'], k.sendLine],
    [['↑', '↓'], k.sentLines],
    [['Ctrl F'], k.findBytes],
    [['Ctrl C'], k.copyBytes],
    [['Ctrl L'], k.clearBytes],
    [['Esc', 'Tab'], k.leaveTerminal],
  ],
  charts: [
    [['←', '→'], k.chartCursor],
    [['↑', '↓'], k.chartPanel],
    [['W', 'S'], k.zoom],
    [['A', 'D'], k.pan],
    [['Enter'], k.chartPick],
  ],
  inspector: [
    [['←', '→'], k.tabs],
    [['Esc'], k.back],
  ],
}

export function HelpSheet(): JSX.Element {
  const { helpToggled } = useApp.getState()
  const close = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    const before = document.activeElement
    close.current?.focus()
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  const pressed = (event: KeyboardEvent): void => {
    if (event.key === 'Tab') event.preventDefault() // the only control has the focus
    if (event.key !== 'Escape' && event.key !== '?') return
    event.preventDefault()
    event.stopPropagation()
    helpToggled(false)
  }
  return (
    <div
      className="sheet-veil"
      onKeyDown={pressed}
      onClick={(event) => {
        if (event.target === event.currentTarget) helpToggled(false)
      }}
    >
      <div className="sheet scrolls" role="dialog" aria-modal="true" aria-labelledby="help-title">
        <header>
          <div className="grow">
            <h1 id="help-title">{texts.help.title}</h1>
            <p>{texts.help.hint}</p>
          </div>
          <button
            ref={close}
            type="button"
            className="btn ghost sq"
            title={texts.help.close}
            aria-label={texts.help.close}
            onClick={() => helpToggled(false)}
          >
            <Icon name="x" />
          </button>
        </header>
        <div className="groups">
          {(Object.keys(KEYS) as Group[]).map((group) => (
            <section key={group}>
              <h2>{texts.help.groups[group]}</h2>
              <dl>
                {KEYS[group].map(([keys, what]) => (
                  <KeyLine key={what} keys={keys} what={what} />
                ))}
              </dl>
            </section>
          ))}
        </div>
      </div>
    </div>
  )
}

function KeyLine({ keys, what }: { readonly keys: readonly string[]; readonly what: string }): JSX.Element {
  return (
    <>
      <dt>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dt>
      <dd>{what}</dd>
    </>
  )
}
