import { type JSX, type KeyboardEvent, useContext, useState } from 'react'
import type { Command } from '../commands/command'
import { chordWords, type KeyChord } from '../commands/key-chord'
import type { KeyMap } from '../commands/key-map'
import { KeyMapContext, keyStyle } from '../commands/key-map-context'
import { useApp } from '../store/app-store'
import { Icon } from '../ui/icons'
import { texts } from '../ui/texts'
import { useDialog } from '../ui/use-dialog'

interface Line {
  readonly id: string
  readonly title: string
  readonly keys: readonly string[]
}

/** What has keys, by heading, in the order the commands are gathered; narrowed to what was typed. */
function linesOf(keyMap: KeyMap, wanted: string): ReadonlyMap<string, readonly Line[]> {
  const groups = new Map<string, Line[]>()
  const words = wanted.toLowerCase().split(/\s+/)
  for (const command of keyMap.commands) {
    const keys = keyMap.chordsOf(command.id).map((chord: KeyChord) => chordWords(chord, keyStyle))
    if (keys.length === 0 || !isWanted(command, keys, words)) continue
    const lines = groups.get(command.group) ?? []
    lines.push({ id: command.id, title: command.title, keys })
    groups.set(command.group, lines)
  }
  return groups
}

function isWanted({ title, group }: Command, keys: readonly string[], words: readonly string[]): boolean {
  const text = `${title} ${group} ${keys.join(' ')}`.toLowerCase()
  return words.every((word) => text.includes(word))
}

/** The keys that work, and nothing else. */
export function HelpSheet(): JSX.Element {
  const { helpToggled } = useApp.getState()
  const keyMap = useContext(KeyMapContext)
  const [wanted, setWanted] = useState(() => useApp.getState().helpWanted)
  const close = (): void => helpToggled(false)
  const { ref, pressed: pressedInDialog } = useDialog(close)
  const groups = linesOf(keyMap, wanted)
  const count = [...groups.values()].reduce((sum, lines) => sum + lines.length, 0)
  const pressed = (event: KeyboardEvent): void => {
    pressedInDialog(event)
    if (event.key !== '?' || wanted !== '') return
    event.preventDefault()
    close()
  }
  return (
    <div
      className="sheet-veil"
      onKeyDown={pressed}
      onClick={(event) => {
        if (event.target === event.currentTarget) close()
      }}
    >
      <div ref={ref} className="sheet" role="dialog" aria-modal="true" aria-labelledby="help-title">
        <header>
          <div className="grow">
            <h1 id="help-title">{texts.help.title}</h1>
            <p>{texts.help.hint}</p>
          </div>
          <label className="field">
            <Icon name="search" />
            <input
              data-first=""
              type="search"
              aria-label={texts.help.search}
              placeholder={texts.help.search}
              spellCheck={false}
              value={wanted}
              onChange={(event) => setWanted(event.target.value)}
            />
          </label>
          <button
            type="button"
            className="btn ghost sq"
            title={texts.help.close}
            aria-label={texts.help.close}
            onClick={close}
          >
            <Icon name="x" />
          </button>
        </header>
        <p className="sr-only" role="status">
          {wanted !== '' && texts.help.found(count)}
        </p>
        {/* a place for the keyboard to scroll with */}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
        <div className="groups scrolls" tabIndex={0} role="region" aria-labelledby="help-title">
          {count === 0 && <p className="t2">{texts.help.none(wanted)}</p>}
          {[...groups].map(([group, lines]) => (
            <section key={group}>
              <h2>{group}</h2>
              <dl>
                {lines.map((line) => (
                  <KeyLine key={line.id} {...line} />
                ))}
              </dl>
            </section>
          ))}
        </div>
      </div>
    </div>
  )
}

function KeyLine({ keys, title }: Line): JSX.Element {
  return (
    <>
      <dt>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dt>
      <dd>{title}</dd>
    </>
  )
}
