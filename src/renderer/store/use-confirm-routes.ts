import { useMemo, useState } from 'react'
import { coversRoute } from '../../shared/workspace/schema-file'
import { useSession } from './session-context'
import { useFeed } from './use-feed'

/** The choice in the workspace that all windows share: routes, one a line. */
const SETTING = 'confirm-routes'

export interface ConfirmRoutes {
  readonly asksFor: (route: string) => boolean
  readonly toggle: (route: string) => void
}

/** Routes that ask before anything is sent to them; one that ends with `*` means all that begin so. */
export function useConfirmRoutes(): ConfirmRoutes {
  const { client } = useSession()
  const { item } = useFeed('settings', EVERYTHING)
  const told = item?.values[SETTING] ?? ''
  /** What was chosen here and is not told yet: a question must be asked from the choice on, not from the way back. */
  const [chosen, setChosen] = useState<string | null>(null)
  if (chosen === told) setChosen(null)
  const text = chosen ?? told
  return useMemo(() => {
    const routes = text.split('\n').filter((route) => route !== '')
    return {
      asksFor: (route) => route !== '' && routes.some((pattern) => coversRoute(pattern, route)),
      toggle: (route) => {
        const next = routes.includes(route) ? routes.filter((one) => one !== route) : [...routes, route]
        const value = next.length === 0 ? null : next.join('\n')
        setChosen(value ?? '')
        // the settings feed tells problems
        void client.call('setting.set', { name: SETTING, value }).catch(() => setChosen(null))
      },
    }
  }, [client, text])
}

const EVERYTHING = {}
