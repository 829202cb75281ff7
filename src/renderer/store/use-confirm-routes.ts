import { useMemo } from 'react'
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
  const text = item?.values[SETTING] ?? ''
  return useMemo(() => {
    const routes = text.split('\n').filter((route) => route !== '')
    return {
      asksFor: (route) => route !== '' && routes.some((pattern) => coversRoute(pattern, route)),
      toggle: (route) => {
        const next = routes.includes(route) ? routes.filter((one) => one !== route) : [...routes, route]
        const value = next.length === 0 ? null : next.join('\n')
        void client.call('setting.set', { name: SETTING, value }).catch(() => undefined) // the settings feed tells problems
      },
    }
  }, [client, text])
}

const EVERYTHING = {}
