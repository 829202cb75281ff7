import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ConsoleError } from '../shared/errors'

/** What the program may be told when it is started. */
export interface LaunchOptions {
  readonly workspaceDir: string | undefined
  /** Addresses to open at once. */
  readonly links: readonly string[]
}

/** Messages that the capture may be told to keep. */
export const KEEP_MESSAGES = { least: 1000, most: 5_000_000 }

export interface WebLaunchOptions extends LaunchOptions {
  readonly host: string
  readonly port: number
  /** Machine output: JSON lines on standard output. */
  readonly isJsonl: boolean
  /** Messages the capture keeps; undefined for the default. */
  readonly keepMessages: number | undefined
}

/** @throws ConsoleError `OPTION_INVALID` for anything unknown or malformed. */
export function webLaunchOptions(argv: readonly string[]): WebLaunchOptions {
  let values: {
    host?: string
    port?: string
    workspace?: string
    link?: string[]
    jsonl?: boolean
    'keep-messages'?: string
  }
  try {
    values = parseArgs({
      args: [...argv],
      options: {
        host: { type: 'string' },
        port: { type: 'string' },
        workspace: { type: 'string' },
        link: { type: 'string', multiple: true },
        jsonl: { type: 'boolean' },
        'keep-messages': { type: 'string' },
      },
    }).values
  } catch (error) {
    throw new ConsoleError('OPTION_INVALID', error instanceof Error ? error.message : String(error))
  }
  const port = values.port ?? '0'
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new ConsoleError('OPTION_INVALID', `--port ${port} is not a number from 0 to 65535`)
  }
  return {
    host: values.host ?? '127.0.0.1',
    port: Number(port),
    workspaceDir: values.workspace === undefined ? undefined : resolve(values.workspace),
    links: values.link ?? [],
    isJsonl: values.jsonl ?? false,
    keepMessages: keepMessagesOf(values['keep-messages']),
  }
}

function keepMessagesOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const count = Number(text)
  const { least, most } = KEEP_MESSAGES
  if (/^\d+$/.test(text) && count >= least && count <= most) return count
  throw new ConsoleError('OPTION_INVALID', `--keep-messages ${text} is not a number from ${least} to ${most}`)
}

/**
 * Options of the desktop program. Its command line is shared with Electron, Chromium and the desktop, so only what is
 * known here is looked at and the rest, addresses and files too, is passed over.
 */
export function desktopLaunchOptions(argv: readonly string[]): LaunchOptions {
  const { values } = parseArgs({
    args: [...argv],
    strict: false,
    options: { workspace: { type: 'string' }, link: { type: 'string', multiple: true } },
  })
  const texts = (given: unknown): string[] =>
    [given].flat().filter((one): one is string => typeof one === 'string' && one !== '')
  const workspace = texts(values['workspace']).at(-1)
  return {
    workspaceDir: workspace === undefined ? undefined : resolve(workspace),
    links: texts(values['link']),
  }
}
