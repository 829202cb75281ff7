import { type JSX, useContext, useState } from 'react'
import type { Command } from '../../commands/command'
import { chordWords, type KeyChord } from '../../commands/key-chord'
import type { KeyMap, KeyProblem } from '../../commands/key-map'
import { KeyMapContext, keyStyle } from '../../commands/key-map-context'
import { useApp } from '../../store/app-store'
import { useSession } from '../../store/session-context'
import { Icon } from '../../ui/icons'
import { Segmented } from '../../ui/Segmented'
import { KeyCapture } from './KeyCapture'
import { settingsTexts } from './texts'

const t = settingsTexts.keys
const LETTERS = [
  { value: 'on', label: t.lettersOn },
  { value: 'off', label: t.lettersOff },
] as const

interface KeysTabProps {
  readonly onSave: (saving: Promise<void>) => void
}

type BoundKeys = Readonly<Record<string, readonly string[]>>

/** Every command with its keys, which can be others. */
export function KeysTab({ onSave }: KeysTabProps): JSX.Element {
  const { settings } = useSession()
  const keyMap = useContext(KeyMapContext)
  const boundKeys = useApp((s) => s.boundKeys)
  const areLettersOff = useApp((s) => s.areLettersOff)
  const [wanted, setWanted] = useState('')
  const [changed, setChanged] = useState<string | null>(null)
  const save = (keys: BoundKeys, letters = !areLettersOff): void =>
    onSave(settings.saveKeys({ letters, keys }))
  const without = (id: string): BoundKeys =>
    Object.fromEntries(Object.entries(boundKeys).filter(([other]) => other !== id))
  const bind = (id: string, chord: KeyChord | null, holder: Command | null): void => {
    const keys = { ...boundKeys, [id]: chord === null ? [] : [chord] }
    if (holder !== null) keys[holder.id] = keyMap.chordsOf(holder.id).filter((one) => one !== chord)
    setChanged(null)
    save(keys)
  }
  const commands = keyMap.commands.filter((command) => isWanted(command, keyMap, wanted))
  const groups = byGroup(commands)
  return (
    <>
      <div className="settings-bar">
        <label className="field grow">
          <Icon name="search" />
          <input
            type="search"
            aria-label={t.search}
            placeholder={t.search}
            spellCheck={false}
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
          />
        </label>
        <span aria-hidden="true" title={t.lettersHint}>
          {t.letters}
        </span>
        <Segmented<'on' | 'off'>
          label={t.letters}
          value={areLettersOff ? 'off' : 'on'}
          options={LETTERS}
          onChange={(letters) => save(boundKeys, letters === 'on')}
        />
        <button
          type="button"
          className="btn"
          disabled={Object.keys(boundKeys).length === 0}
          onClick={() => save({})}
        >
          {t.resetAll}
        </button>
      </div>
      {keyMap.problems.length > 0 && (
        <div className="settings-told" role="status">
          <Icon name="warn" tone="warn" />
          <div>
            <p>{t.problems(keyMap.problems.length)}</p>
            {keyMap.problems.map((problem) => (
              <p key={wordsOf(problem)} className="t2">
                {wordsOf(problem)}
              </p>
            ))}
          </div>
        </div>
      )}
      {commands.length === 0 && <p className="settings-none t2">{t.nothing(wanted)}</p>}
      {[...groups].map(([group, lines]) => (
        <section key={group} className="keys-group" aria-label={group}>
          <h2>{group}</h2>
          <ul>
            {lines.map((command) => (
              <li key={command.id}>
                <KeyLine
                  command={command}
                  keyMap={keyMap}
                  isChanging={changed === command.id}
                  onChange={() => setChanged(command.id)}
                  onReset={() => save(without(command.id))}
                />
                {changed === command.id && (
                  <KeyCapture
                    command={command}
                    keyMap={keyMap}
                    onTake={(chord, holder) => bind(command.id, chord, holder)}
                    onEnd={() => setChanged(null)}
                  />
                )}
              </li>
            ))}
          </ul>
        </section>
      ))}
      <p className="settings-none t3">{t.browser}</p>
    </>
  )
}

function byGroup(commands: readonly Command[]): ReadonlyMap<string, readonly Command[]> {
  const groups = new Map<string, Command[]>()
  for (const command of commands) {
    const lines = groups.get(command.group)
    if (lines === undefined) groups.set(command.group, [command])
    else lines.push(command)
  }
  return groups
}

function isWanted({ id, title, group }: Command, keyMap: KeyMap, wanted: string): boolean {
  const keys = keyMap.chordsOf(id).map((chord) => chordWords(chord, keyStyle))
  const text = `${title} ${group} ${id} ${keys.join(' ')}`.toLowerCase()
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

function wordsOf(problem: KeyProblem): string {
  switch (problem.kind) {
    case 'unknown-command':
      return t.unknownCommand(problem.id)
    case 'unknown-key':
      return t.unknownKey(problem.id, problem.key)
    case 'fixed':
      return t.fixedKey(problem.id)
    case 'twice':
      return t.twice(problem.id)
  }
}

interface KeyLineProps {
  readonly command: Command
  readonly keyMap: KeyMap
  readonly isChanging: boolean
  readonly onChange: () => void
  readonly onReset: () => void
}

function KeyLine({ command, keyMap, isChanging, onChange, onReset }: KeyLineProps): JSX.Element {
  const { id, title, isFixed = false } = command
  const chords = keyMap.chordsOf(id)
  return (
    <div className="keys-line">
      <span className="grow">{title}</span>
      {keyMap.isBoundAnew(id) && (
        <button
          type="button"
          className="btn ghost sm sq"
          title={t.reset(title)}
          aria-label={t.reset(title)}
          onClick={onReset}
        >
          <Icon name="refresh" />
        </button>
      )}
      <button
        type="button"
        className="btn ghost sm keys-of"
        disabled={isFixed}
        title={isFixed ? t.fixed : t.change(title)}
        aria-label={`${t.change(title)}: ${chords.map((chord) => chordWords(chord, keyStyle)).join(', ') || t.none}`}
        aria-expanded={isFixed ? undefined : isChanging}
        data-keys={id}
        onClick={onChange}
      >
        {chords.length === 0 && <span className="t3">{t.none}</span>}
        {chords.map((chord) => (
          <kbd key={chord}>{chordWords(chord, keyStyle)}</kbd>
        ))}
      </button>
    </div>
  )
}
