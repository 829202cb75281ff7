import { z } from 'zod'
import { type FileReading, readYaml } from './read-yaml'
import type { Environment } from './workspace-types'
import { formatYaml } from './write-yaml'

const MAX_VARIABLES = 500
export const MAX_VARIABLE_NAME_LENGTH = 64
export const MAX_VARIABLE_LENGTH = 64 * 1024

/** What may stand between `{{` and `}}`: letters, digits, `_`, `-` and `.`, beginning with a letter or `_`. */
export const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/

const name = z
  .string()
  .max(MAX_VARIABLE_NAME_LENGTH)
  .superRefine((given, context) => {
    if (VARIABLE_NAME.test(given)) return
    const remedy = 'Use letters, digits, "_", "-" and "."; begin with a letter.'
    context.addIssue({ code: 'custom', message: `"${given}" is no name of a variable`, params: { remedy } })
  })

/** Numbers and switches may be written as such; they are text when they are put into a message. */
const value = z
  .union([z.string().max(MAX_VARIABLE_LENGTH), z.number(), z.boolean()])
  .transform((given) => String(given))

const environmentCheck = z
  .strictObject({
    variables: z.record(name, value).nullable().default({}),
    secrets: z.array(name).max(MAX_VARIABLES).nullable().default([]),
  })
  .superRefine(({ variables, secrets }, context) => {
    if (Object.keys(variables ?? {}).length > MAX_VARIABLES) {
      const params = { remedy: 'Put what belongs elsewhere into another environment.' }
      context.addIssue({
        code: 'custom',
        message: `at most ${MAX_VARIABLES} variables`,
        path: ['variables'],
        params,
      })
    }
    secrets?.forEach((secret, at) => {
      const isVariable = Object.hasOwn(variables ?? {}, secret)
      if (!isVariable && secrets.indexOf(secret) === at) return
      const message = isVariable ? `"${secret}" is a variable already` : `"${secret}" is named twice`
      const remedy = isVariable
        ? 'A secret has no value in the file: remove the line below variables, and change the secret, it was readable.'
        : 'Keep one of them.'
      context.addIssue({ code: 'custom', message, path: ['secrets', at], params: { remedy } })
    })
  })

/** Reads a file of the folder `environments`. */
export function parseEnvironment(text: string, file: string): FileReading<Environment> {
  const reading = readYaml(text, file, environmentCheck)
  if (reading.problem) return reading
  return { value: { variables: reading.value.variables ?? {}, secrets: reading.value.secrets ?? [] } }
}

/** An environment as text. @param before - Text of the file so far, whose comments and order are kept. */
export const formatEnvironment = ({ variables, secrets }: Environment, before?: string): string =>
  formatYaml({ variables, secrets: secrets.length === 0 ? undefined : secrets }, before)

/** An environment in one line, for lists. */
export function environmentSummary({ variables, secrets }: Environment): string {
  const count = Object.keys(variables).length
  const parts = [count === 1 ? '1 variable' : `${count} variables`]
  if (secrets.length > 0) parts.push(secrets.length === 1 ? '1 secret' : `${secrets.length} secrets`)
  return parts.join(', ')
}
