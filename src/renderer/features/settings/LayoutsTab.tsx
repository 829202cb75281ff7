import { type JSX, type SyntheticEvent, useState } from 'react'
import { MAX_LAYOUT_NAME, MAX_LAYOUTS, type NamedLayouts } from '../../../shared/workspace/layouts-file'
import { useApp } from '../../store/app-store'
import { useSession } from '../../store/session-context'
import { usualLayout } from '../../store/usual-layout'
import { Icon } from '../../ui/icons'
import { settingsTexts } from './texts'

const t = settingsTexts.layouts

interface LayoutsTabProps {
  readonly onSave: (saving: Promise<void>) => void
}

/** Arrangements of the panes that have a name. */
export function LayoutsTab({ onSave }: LayoutsTabProps): JSX.Element {
  const { settings } = useSession()
  const layouts = useApp((s) => s.layouts)
  const layout = useApp((s) => s.layout)
  const [name, setName] = useState('')
  const names = Object.keys(layouts)
  const isFull = names.length >= MAX_LAYOUTS && !names.includes(name.trim())
  const { layoutChanged, arrangingToggled, settingsToggled, pageChosen } = useApp.getState()
  const save = (changed: NamedLayouts): void => onSave(settings.saveLayouts(changed))
  const submitted = (event: SyntheticEvent): void => {
    event.preventDefault()
    if (name.trim() === '' || layout === null || isFull) return
    save({ ...layouts, [name.trim()]: layout })
    setName('')
  }
  const hint = isFull
    ? t.full(MAX_LAYOUTS)
    : layout === null
      ? t.usualIsKept
      : names.includes(name.trim())
        ? t.taken(name.trim())
        : ''
  return (
    <div className="settings-lines">
      <div className="settings-bar flat">
        <button
          type="button"
          className="btn"
          onClick={() => {
            if (layout === null) layoutChanged(usualLayout())
            settingsToggled(false)
            pageChosen('live')
            arrangingToggled(true)
          }}
        >
          {t.arrange}
        </button>
        <button type="button" className="btn" disabled={layout === null} onClick={() => layoutChanged(null)}>
          {t.usual}
        </button>
      </div>
      {names.length === 0 && <p className="t2">{t.none}</p>}
      <ul className="layouts">
        {names.map((one) => (
          <li key={one}>
            <span className="grow ell">{one}</span>
            <button
              type="button"
              className="btn sm"
              aria-label={t.useOf(one)}
              onClick={() => layoutChanged(layouts[one] ?? null)}
            >
              {t.use}
            </button>
            <button
              type="button"
              className="btn ghost sm sq"
              title={t.remove(one)}
              aria-label={t.remove(one)}
              onClick={() =>
                save(Object.fromEntries(Object.entries(layouts).filter(([other]) => other !== one)))
              }
            >
              <Icon name="trash" />
            </button>
          </li>
        ))}
      </ul>
      <form className="settings-bar flat" onSubmit={submitted}>
        <label className="field grow">
          <input
            aria-label={t.name}
            placeholder={t.name}
            maxLength={MAX_LAYOUT_NAME}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <button type="submit" className="btn" disabled={name.trim() === '' || layout === null || isFull}>
          {t.keep}
        </button>
      </form>
      <p className="t3" role="status">
        {hint}
      </p>
    </div>
  )
}
