import type { z } from 'zod'
import { ConsoleError } from '../../../../shared/errors'

/**
 * What a schema makes of a value.
 *
 * @param of - What the value is, for the message.
 * @throws ConsoleError with `code`; `details.path` leads to the first field that is wrong.
 */
export async function checked(
  schema: z.ZodType | undefined,
  value: unknown,
  code: 'RPC_PARAMS_INVALID' | 'RPC_RESULT_INVALID',
  of: string,
): Promise<unknown> {
  if (schema === undefined) return value
  const { success, data, error } = await schema.safeParseAsync(value)
  if (success) return data
  const { path, message } = error.issues[0]!
  const field = path.map(String).join('.')
  const where = field === '' ? of : `"${field}" of ${of}`
  throw new ConsoleError(code, `${where}: ${message}`, {
    path: path.map((part) => (typeof part === 'number' ? part : String(part))),
    problems: error.issues.length,
  })
}
