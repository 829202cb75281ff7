import { readFile, stat } from 'node:fs/promises'
import { fromHex, utf8 } from '../../shared/bytes'
import { ConsoleError, unreadableFile } from '../../shared/errors'
import type { Headers, Priority } from '../../shared/model/trace'
import { fileBody } from '../link/bodies/file-body'
import type { MessageBody } from '../netcore/pipe/message-body'
import type { OutgoingRequest } from '../netcore/stack-types'
import { type Arguments, type OptionSpec, usageError } from './arguments'

export const MAX_TIMEOUT_MS = 3_600_000

export const REQUEST_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  json: { value: 'TEXT', help: 'body: JSON, checked and sent as typed' },
  text: { value: 'TEXT', help: 'body: text as UTF-8' },
  hex: { value: 'HEX', help: 'body: pairs of hex digits' },
  file: { value: 'PATH', help: 'body: the bytes of a file' },
  header: { value: 'k=v', help: 'a header; the value is text', isList: true },
  priority: { value: 'N', help: '0 (most urgent) to 7 (default: 3)' },
  timeout: { value: 'MS', help: 'how long to wait for the answer without progress (default: 30000)' },
}

/** A file up to this size is read at once: it costs less than reading it again for each request. */
const WHOLE_FILE_BYTES = 256 * 1024

export const BODY_OPTIONS = ['json', 'text', 'hex', 'file'] as const

/**
 * The request that was typed. Without a body option the body is empty. The body of a file is released by the caller.
 *
 * @throws ConsoleError `OPTION_INVALID`, `JSON_INVALID`, `HEX_INVALID`, `FILE_UNREADABLE`.
 */
export async function readRequest(args: Arguments, route: string): Promise<OutgoingRequest> {
  const timeoutMs = args.integer('timeout', 1, MAX_TIMEOUT_MS)
  const priority = args.integer('priority', 0, 7) as Priority | undefined
  return {
    route,
    body: await readBody(args),
    headers: readHeaders(args.list('header')),
    ...(priority !== undefined && { priority }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  }
}

async function readBody(args: Arguments): Promise<MessageBody> {
  const given = BODY_OPTIONS.filter((option) => args.has(option))
  if (given.length > 1)
    throw usageError(`--${given.join(' and --')} exclude each other: a message has one body`)
  const [option] = given
  if (option === undefined) return new Uint8Array(0)
  const value = args.text(option) ?? ''
  switch (option) {
    case 'json':
      return readJson(value)
    case 'text':
      return utf8(value)
    case 'hex':
      return fromHex(value)
    case 'file':
      return readFileBody(value)
  }
}

/** A large file is sent without being loaded. What has no length of its own, such as a pipe, is read to its end. */
async function readFileBody(path: string): Promise<MessageBody> {
  try {
    const state = await stat(path)
    const isLarge = state.isFile() && state.size > WHOLE_FILE_BYTES
    return isLarge ? fileBody(path) : await readFile(path)
  } catch (error) {
    if (error instanceof ConsoleError) throw error
    throw unreadableFile(path, error)
  }
}

function readJson(text: string): Uint8Array {
  try {
    JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConsoleError('JSON_INVALID', `--json is not JSON: ${reason}`, {}, { cause: error })
  }
  return utf8(text)
}

export function readHeaders(pairs: readonly string[]): Headers {
  const headers = Object.create(null) as Record<string, string>
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    if (at < 1) throw usageError(`--header ${pair} is not of the form k=v`)
    headers[pair.slice(0, at)] = pair.slice(at + 1)
  }
  return headers
}
