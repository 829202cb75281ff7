import { z } from 'zod'
import { type FileReading, readYaml } from './read-yaml'
import { formatYaml } from './write-yaml'

/** Where the keys of the operator stand: `settings/keys.yaml` in the workspace. */
export const KEYS_FILE = 'keys'

/** What the operator made of the keys. */
export interface KeysFile {
  /** False: single letters and signs mean nothing. */
  readonly letters: boolean
  /** Keys by command, as they are written; an empty list takes all keys away. */
  readonly keys: Readonly<Record<string, readonly string[]>>
}

export const MAX_BOUND_COMMANDS = 500
const MAX_KEYS_OF_COMMAND = 8

const key = z.string().min(1).max(40)
const file = z.strictObject({
  letters: z.boolean().default(true),
  keys: z
    .record(
      z.string().min(1).max(120),
      z.union([key.transform((one) => [one]), z.array(key).max(MAX_KEYS_OF_COMMAND)]),
    )
    .refine(
      (keys) => Object.keys(keys).length <= MAX_BOUND_COMMANDS,
      `more than ${MAX_BOUND_COMMANDS} commands`,
    )
    .default({}),
})

const HEAD = `# Keys that differ from the usual ones: the name of a command, then its key or a list of them; [] for none.
# Mod is Ctrl, or Command on a Mac. Names stand in docs/keyboard.md.
`

/** Reads the keys; never throws for what stands in the file. */
export const parseKeys = (text: string, path: string): FileReading<KeysFile> => readYaml(text, path, file)

/** @param before - Text of the file so far, whose comments and order are kept; empty for a new file. */
export function formatKeys({ letters, keys }: KeysFile, before = ''): string {
  const written = Object.entries(keys).map(([id, one]) => [id, one.length === 1 ? one[0]! : one] as const)
  return formatYaml(
    { letters: letters ? undefined : false, keys: Object.fromEntries(written) },
    before === '' ? HEAD : before,
  )
}
