/** What a handler gave back is to be waited for. Promises of other libraries count; reading `then` may throw. */
export const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
