import { ConsoleError } from '../../../shared/errors'

/** The text with the values of its `{{variables}}`. @throws ConsoleError `SNIPPET_VALUE_MISSING`. */
export function fillVariables(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (_, name: string) => {
    const value = variables.get(name)
    if (value !== undefined) return value
    throw new ConsoleError('SNIPPET_VALUE_MISSING', `nobody gave {{${name}}} a value`, { name })
  })
}
