import { Blueprint } from '../src/main/netcore/endpoint/blueprint'
import type { Endpoint } from '../src/main/netcore/endpoint/endpoint'
import type { Middleware } from '../src/main/netcore/endpoint/endpoint-types'
import type { IncomingRequest } from '../src/main/netcore/stack-types'
import { utf8 } from '../src/shared/bytes'

/** The program of `add_steps` in interop/python/peer.py, line by line. */
export function installSteps(endpoint: Endpoint, step: (name: string) => void): void {
  const wrapping =
    (name: string): Middleware =>
    (next) =>
    async (request, context) => {
      step(`>${name}`)
      const result = await next(request, context)
      step(`<${name}`)
      return result
    }
  const blueprint = new Blueprint('/bp')
  blueprint.use(wrapping('bp'))
  blueprint.before(() => step('before bp'))
  blueprint.after(() => step('after bp'))
  blueprint.onError((error) => reply('failed', { said: error instanceof Error ? error.message : '' }))
  blueprint.request('/in', (request) => answer(request, 'in', step))

  endpoint.use(wrapping('ep1')).use(wrapping('ep2'))
  endpoint.before(() => step('before ep'))
  endpoint.after(() => step('after ep'))
  endpoint.request('out', (request) => answer(request, 'out', step))
  endpoint.onDefault(() => {
    step('default')
    return reply('default', { never: 'sent' })
  })
  endpoint.register(blueprint)
}

function answer(request: IncomingRequest, name: string, step: (name: string) => void): unknown {
  step(name)
  if ((request.json() as { readonly fail?: boolean }).fail === true) throw new Error('as asked')
  return reply(name, { [name]: true })
}

const reply = (route: string, value: unknown) => ({ route, body: utf8(JSON.stringify(value)) })
