import { AsyncLocalStorage } from 'node:async_hooks'
import { ConsoleError } from '../../shared/errors'
import type { RequestContext, RequestScope } from '../netcore/endpoint/endpoint-types'
import type { IncomingRequest } from '../netcore/stack-types'

const storage = new AsyncLocalStorage<RequestContext>()

/** To be given to an endpoint: everything below its handlers knows the current request, across awaits and timers. */
export const requestScope: RequestScope = {
  run: (context, run) => storage.run(context, run),
}

/** What surrounds the current request; undefined outside of handlers. */
export const currentContext = (): RequestContext | undefined => storage.getStore()

/** The request that is being served here. @throws ConsoleError `REQUEST_CONTEXT_MISSING` outside of handlers. */
export function currentRequest(): IncomingRequest {
  const context = storage.getStore()
  if (context !== undefined) return context.request
  throw new ConsoleError('REQUEST_CONTEXT_MISSING', 'no request is being served here')
}
