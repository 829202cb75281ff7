import type { Recents } from '../recents'
import type { Handlers } from './handlers'

export const recentHandlers = (recents: Recents): Pick<Handlers, 'recent.list' | 'recent.forget'> => ({
  'recent.list': async () => ({ links: [...(await recents.list())] }),
  'recent.forget': async ({ url }) => {
    await recents.forget(url)
    return {}
  },
})
