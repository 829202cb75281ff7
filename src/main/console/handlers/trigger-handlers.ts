import type { Triggers } from '../triggers'
import type { Handlers } from './handlers'

type TriggerCommand = 'triggers.list' | 'trigger.save' | 'trigger.remove' | 'trigger.test'

export const triggerHandlers = (triggers: Triggers): Pick<Handlers, TriggerCommand> => ({
  'triggers.list': () => triggers.state(),
  'trigger.save': async ({ triggerId, ...content }) => ({
    triggerId: await triggers.save(content, triggerId),
  }),
  'trigger.remove': async ({ triggerId }) => {
    await triggers.remove(triggerId)
    return {}
  },
  'trigger.test': ({ filter, moment }) => triggers.test(filter, moment),
})
