import type { Environments } from '../../operate/send/environments'
import type { OperatorSend } from '../../operate/send/operator-send'
import type { SendHistory } from '../../operate/send/send-history'
import type { SecretStore } from '../../workspace/secret-store'
import type { Settings } from '../../workspace/settings'
import type { Handlers } from './handlers'

type DraftCommand =
  | 'draft.check'
  | 'draft.send'
  | 'history.list'
  | 'history.clear'
  | 'secrets.list'
  | 'secret.set'
  | 'secret.forget'
  | 'settings.read'
  | 'setting.set'

export interface DraftServices {
  readonly byHand: OperatorSend
  readonly history: SendHistory
  readonly environments: Environments
  readonly secrets: SecretStore
  readonly settings: Settings
}

export const draftHandlers = ({
  byHand,
  history,
  environments,
  secrets,
  settings,
}: DraftServices): Pick<Handlers, DraftCommand> => ({
  'draft.check': (request) => byHand.check(request),
  'draft.send': (request) => byHand.send(request),
  'history.list': ({ query, limit }) => history.list(query, limit),
  'history.clear': async () => {
    await history.clear()
    return {}
  },
  'secrets.list': ({ environment }) => ({ secrets: environments.secrets(environment) }),
  'secret.set': async ({ environment, name, value }) => {
    await secrets.set(environment, name, value)
    return { secret: secrets.stateOf(environment, name) }
  },
  'secret.forget': async ({ environment, name }) => {
    await secrets.forget(environment, name)
    return { secret: secrets.stateOf(environment, name) }
  },
  'settings.read': () => settings.read(),
  'setting.set': async ({ name, value }) => {
    await settings.set(name, value)
    return {}
  },
})
