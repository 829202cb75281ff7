import { type JSX, useMemo, useState } from 'react'
import { useApp } from '../../store/app-store'
import { selectSendLink } from '../../store/links-slice'
import { useSession } from '../../store/session-context'
import { ComboBox } from '../../ui/ComboBox'
import { texts } from '../../ui/texts'

const t = texts.composer
/** Routes of the simulated device and of every demo endpoint. */
const DEMO_ROUTES = [
  'echo',
  'add',
  'slow',
  'big',
  'fail',
  'count',
  '/device/info',
  '/device/read',
  '/device/firmware',
]

/** Where the message goes: any text; routes sent to, seen and offered by the peer are suggested. */
export function RouteBox({ isBad, offered }: RouteBoxProps): JSX.Element {
  const { rows } = useSession()
  const route = useApp((s) => s.draft.route)
  const sentRoutes = useApp((s) => s.sentRoutes)
  const isDemo = useApp((s) => selectSendLink(s)?.scheme === 'sim')
  const { draftChanged } = useApp.getState()
  const [seen, setSeen] = useState<readonly string[]>([])
  const options = useMemo(
    () => [...new Set([...sentRoutes, ...offered, ...(isDemo ? DEMO_ROUTES : []), ...seen])],
    [sentRoutes, isDemo, seen, offered],
  )
  return (
    <span className="grow route-box" onFocus={() => setSeen(rows.routes())}>
      <ComboBox
        label={t.route}
        value={route}
        options={options}
        placeholder={t.routePlaceholder}
        isBad={isBad}
        onChange={(next) => draftChanged({ route: next })}
      />
    </span>
  )
}

interface RouteBoxProps {
  readonly isBad: boolean
  /** Routes that the peer offers, or that have a schema. */
  readonly offered: readonly string[]
}
