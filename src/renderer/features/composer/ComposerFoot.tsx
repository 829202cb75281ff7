import { type JSX, useState } from 'react'
import { useApp } from '../../store/app-store'
import type { ComposerPart } from '../../store/composer-slice'
import type { ConfirmRoutes } from '../../store/use-confirm-routes'
import { useFeed } from '../../store/use-feed'
import { Icon } from '../../ui/icons'
import { Menu, type ScreenPoint } from '../../ui/Menu'
import { Outcome } from './Outcome'
import { SaveMessage } from './SaveMessage'
import { texts } from './texts'

const PARTS: readonly ComposerPart[] = ['headers', 'expect', 'repeat', 'history']
const ENVIRONMENTS = { kind: 'environments' } as const

/** What became of the message, and what else a message can have. */
export function ComposerFoot({ confirmRoutes }: { readonly confirmRoutes: ConfirmRoutes }): JSX.Element {
  return (
    <div className="comp-foot">
      <Outcome />
      <div className="comp-tools" role="toolbar" aria-label={texts.moreLabel}>
        <EnvironmentChoice />
        {PARTS.map((part) => (
          <PartButton key={part} part={part} />
        ))}
        <SaveMessage />
        <MoreMenu confirmRoutes={confirmRoutes} />
      </div>
    </div>
  )
}

function PartButton({ part }: { readonly part: ComposerPart }): JSX.Element {
  const isOpen = useApp((s) => s.openPart === part)
  const count = useApp((s) => (part === 'headers' ? s.draft.headers.length : 0))
  const isOn = useApp((s) => part === 'expect' && s.draft.expect.trim() !== '')
  const { partToggled } = useApp.getState()
  return (
    <button
      type="button"
      className="btn ghost sm"
      aria-expanded={isOpen}
      aria-pressed={isOpen}
      aria-controls="composer-part"
      title={texts.partHints[part]}
      onClick={() => partToggled(part)}
    >
      {texts.parts[part]}
      {count > 0 && <span className="t3">{count}</span>}
      {isOn && <span className="dot ok" />}
    </button>
  )
}

/** Whose variables are put in; only there when there is something to choose. */
function EnvironmentChoice(): JSX.Element | null {
  const chosen = useApp((s) => s.environment)
  const { environmentChosen } = useApp.getState()
  const { item } = useFeed('workspace', ENVIRONMENTS)
  const names = item?.entries.map(({ name }) => name) ?? []
  if (names.length === 0 && chosen === '') return null
  return (
    <label className="field sm environment-field" title={texts.environment}>
      <select
        aria-label={texts.environment}
        value={chosen}
        onChange={(event) => environmentChosen(event.target.value)}
      >
        <option value="">{texts.noEnvironment}</option>
        {[...new Set([...names, ...(chosen === '' ? [] : [chosen])])].map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <Icon name="down" />
    </label>
  )
}

function MoreMenu({ confirmRoutes }: { readonly confirmRoutes: ConfirmRoutes }): JSX.Element {
  const [at, setAt] = useState<ScreenPoint | null>(null)
  const confirms = useApp((s) => s.draft.confirms)
  const route = useApp((s) => s.draft.route.trim())
  const { draftChanged } = useApp.getState()
  return (
    <>
      <button
        type="button"
        className="btn ghost sm"
        aria-haspopup="menu"
        aria-expanded={at !== null}
        aria-label={texts.moreLabel}
        onClick={(event) => {
          const { left, top } = event.currentTarget.getBoundingClientRect()
          setAt({ x: left, y: top - 92 })
        }}
      >
        {texts.more}
      </button>
      {at !== null && (
        <Menu
          label={texts.moreLabel}
          at={at}
          onClose={() => setAt(null)}
          groups={[
            {
              items: [
                {
                  key: 'message',
                  label: texts.confirmMessage,
                  isChecked: confirms,
                  run: () => draftChanged({ confirms: !confirms }),
                },
                {
                  key: 'route',
                  label: texts.confirmRoute(route === '' ? '…' : route),
                  isChecked: confirmRoutes.asksFor(route),
                  isDisabled: route === '',
                  run: () => confirmRoutes.toggle(route),
                },
              ],
            },
          ]}
        />
      )}
    </>
  )
}
