import type { IncomingRequest } from '../stack-types'
import type { RequestContext } from './endpoint-types'
import type { RoutePlan } from './route-book'

/**
 * Runs what a route has to run: before-hooks until one has a result (then neither the handler nor the after-hooks run),
 * the handler with its middleware, the after-hooks. Without hooks nothing waits for the next turn of the event loop.
 *
 * @returns what the handler's result became, or a promise of it. Throws or rejects with what any part of it threw.
 */
export function runPlan(plan: RoutePlan, request: IncomingRequest, context: RequestContext): unknown {
  const hasHooks = plan.before.length > 0 || plan.after.length > 0
  return hasHooks ? runWithHooks(plan, request, context) : plan.handler(request, context)
}

async function runWithHooks(
  plan: RoutePlan,
  request: IncomingRequest,
  context: RequestContext,
): Promise<unknown> {
  for (const hook of plan.before) {
    const early = await hook(request, context)
    if (early !== undefined) return early
  }
  let result = await plan.handler(request, context)
  for (const hook of plan.after) {
    const replaced = await hook(result, request, context)
    if (replaced !== undefined) result = replaced
  }
  return result
}
