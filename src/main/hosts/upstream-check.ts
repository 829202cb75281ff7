import { z } from 'zod'
import {
  type CommandName,
  type CommandRequest,
  requestChecks,
  type SubscriptionName,
  type SubscriptionRequest,
  subscriptionChecks,
} from '../../shared/contract/contract'
import { ConsoleError } from '../../shared/errors'

const id = z.int().min(1)
const name = z.string().max(64)
const source = z.int().min(0).optional()

/** The envelope of a message from the screen; its name and arguments are checked after that, where an answer can be given. */
const envelope = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('call'), id, name, args: z.unknown(), source }),
  z.strictObject({ t: z.literal('subscribe'), id, name, args: z.unknown(), source }),
  z.strictObject({ t: z.literal('unsubscribe'), id }),
  z.strictObject({ t: z.literal('ack'), id, seq: z.int().min(1) }),
])

export type UncheckedUpstream = z.infer<typeof envelope>

/** @throws ConsoleError `CONTRACT_BAD_FRAME`: without an envelope there is nobody to answer. */
export function checkEnvelope(message: unknown): UncheckedUpstream {
  const result = envelope.safeParse(message)
  if (result.success) return result.data
  throw new ConsoleError('CONTRACT_BAD_FRAME', `not a message of the contract: ${describe(result.error)}`)
}

/** @throws ConsoleError `CONTRACT_UNKNOWN_CHANNEL` when there is no such command. */
export function checkCommandName(name: string): CommandName {
  if (Object.hasOwn(requestChecks, name)) return name as CommandName
  throw new ConsoleError('CONTRACT_UNKNOWN_CHANNEL', `there is no command "${name}"`, { name })
}

/** @throws ConsoleError `CONTRACT_UNKNOWN_CHANNEL` when there is no such subscription. */
export function checkSubscriptionName(name: string): SubscriptionName {
  if (Object.hasOwn(subscriptionChecks, name)) return name as SubscriptionName
  throw new ConsoleError('CONTRACT_UNKNOWN_CHANNEL', `there is no subscription "${name}"`, { name })
}

/** @throws ConsoleError `CONTRACT_BAD_ARGUMENT` naming the field (`details.field`) that does not fit. */
export function checkRequest<C extends CommandName>(name: C, args: unknown): CommandRequest<C> {
  return checkArguments(requestChecks[name], name, args) as CommandRequest<C>
}

/** @throws ConsoleError `CONTRACT_BAD_ARGUMENT` naming the field (`details.field`) that does not fit. */
export function checkSubscription<S extends SubscriptionName>(
  name: S,
  args: unknown,
): SubscriptionRequest<S> {
  return checkArguments(subscriptionChecks[name], name, args) as SubscriptionRequest<S>
}

function checkArguments(check: z.ZodType, name: string, args: unknown): unknown {
  const result = check.safeParse(args)
  if (result.success) return result.data
  throw new ConsoleError('CONTRACT_BAD_ARGUMENT', `${name}: ${describe(result.error)}`, {
    field: fieldOf(result.error),
  })
}

function fieldOf(error: z.ZodError): string {
  const issue = error.issues[0]
  if (issue?.code === 'unrecognized_keys') return [...issue.path, issue.keys[0]].join('.')
  return issue?.path.join('.') ?? ''
}

const describe = (error: z.ZodError): string => {
  const field = fieldOf(error).slice(0, 100)
  const text = (error.issues[0]?.message ?? 'does not fit').slice(0, 200)
  return field === '' ? text : `${field}: ${text}`
}
