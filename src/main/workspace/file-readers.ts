import { z } from 'zod'
import { environmentSummary, parseEnvironment } from '../../shared/workspace/environment-file'
import { messageSummary, parseMessage } from '../../shared/workspace/message-file'
import { CACHING_FILE, parseCaching } from '../../shared/workspace/caching-file'
import { KEYS_FILE, parseKeys } from '../../shared/workspace/keys-file'
import { LAYOUTS_FILE, parseLayouts } from '../../shared/workspace/layouts-file'
import { parseSettings, SCREEN_SETTINGS } from '../../shared/workspace/screen-file'
import { type FileReading, readYaml } from '../../shared/workspace/read-yaml'
import { parseSnippet, snippetSummary } from '../../shared/workspace/snippet-file'
import { parseResponder, responderSummary } from '../../shared/workspace/responder-file'
import { actionWords, parseTask, triggerWords } from '../../shared/workspace/task-file'
import { parseSchema } from '../../shared/workspace/schema-file'
import type { FileProblem, WorkspaceKind } from '../../shared/workspace/workspace-types'

/** What lists show of a file: what it is about, or what is wrong with it. */
export type FileSummary =
  | { readonly summary: string; readonly problem?: never }
  | { readonly problem: FileProblem; readonly summary?: never }

/** Reads the text of one file; `file` is its path in the workspace, for problems. Never throws. */
export type FileReader = (text: string, file: string) => FileSummary

const summed =
  <T>(parse: (text: string, file: string) => FileReading<T>, summary: (value: T) => string): FileReader =>
  (text, file) => {
    const reading = parse(text, file)
    return reading.problem ? { problem: reading.problem } : { summary: summary(reading.value) }
  }

/** YAML of any shape. */
const anyYaml = summed(
  (text, file) => readYaml(text, file, z.unknown()),
  () => '',
)

/** Files of settings that mean something to the program; others are only looked at for their YAML. */
const SETTINGS_READERS: Readonly<Record<string, FileReader>> = {
  [`settings/${SCREEN_SETTINGS}.yaml`]: summed(
    parseSettings,
    (values) => `${Object.keys(values).length} choices`,
  ),
  [`settings/${CACHING_FILE}.yaml`]: summed(parseCaching, (rules) => `${rules.length} rules`),
  [`settings/${KEYS_FILE}.yaml`]: summed(parseKeys, ({ keys }) => `${Object.keys(keys).length} commands`),
  [`settings/${LAYOUTS_FILE}.yaml`]: summed(parseLayouts, (layouts) => Object.keys(layouts).join(', ')),
}

/** How the files of each kind are looked at for lists. */
export const FILE_READERS: Readonly<Record<WorkspaceKind, FileReader>> = {
  messages: summed(parseMessage, messageSummary),
  environments: summed(parseEnvironment, environmentSummary),
  snippets: summed(parseSnippet, snippetSummary),
  tasks: summed(parseTask, ({ trigger, action }) => `${triggerWords(trigger)}, ${actionWords(action)}`),
  responders: summed(parseResponder, responderSummary),
  schemas: summed(parseSchema, ({ route }) => route),
  settings: (text, file) => (SETTINGS_READERS[file] ?? anyYaml)(text, file),
}
