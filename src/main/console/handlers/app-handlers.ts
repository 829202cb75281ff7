import type { CommandReply } from '../../../shared/contract/replies'
import type { Handlers } from './handlers'

export type AppInfo = CommandReply<'app.info'>

export const appHandlers = (info: AppInfo): Pick<Handlers, 'app.info'> => ({
  'app.info': () => info,
})
