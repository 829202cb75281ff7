import { resolve } from 'node:path'
import { VARIABLE_NAME } from '../../shared/workspace/environment-file'
import type { MessageDraft } from '../../shared/workspace/workspace-types'
import type { Priority } from '../../shared/model/trace'
import type { OutgoingRequest } from '../netcore/stack-types'
import { Environments } from '../operate/send/environments'
import { encodeDraft, fillDraft } from '../operate/send/prepare-draft'
import { messageNamed } from '../operate/snippets/load-snippet'
import { SecretStore, secretsPath } from '../workspace/secret-store'
import { Workspace } from '../workspace/workspace'
import { type Arguments, type OptionSpec, usageError } from './arguments'
import type { CliIo } from './cli-io'
import { WORKSPACE_VARIABLE, workspaceOf } from './profile-argument'
import { BODY_OPTIONS, MAX_TIMEOUT_MS, readHeaders } from './request-input'

/** What stands for variables, and the folder that names of files are meant in. */
export const VARIABLE_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  env: { value: 'NAME', help: 'environment of the workspace whose variables are used' },
  var: { value: 'k=v', help: 'a variable; goes before those of snippet and environment', isList: true },
  workspace: { value: 'DIR', help: 'folder with messages, snippets and environments' },
}

/** The surroundings as they are with `--workspace`, which goes before the variable of the same meaning. */
export function surroundings(args: Arguments, io: CliIo): CliIo {
  const dir = args.text('workspace')
  return dir === undefined ? io : { ...io, env: { ...io.env, [WORKSPACE_VARIABLE]: resolve(dir) } }
}

/** The workspace that is meant: `--workspace`, else that of the surroundings, else that of the person. */
export const workspaceGiven = (args: Arguments, io: CliIo): Workspace =>
  new Workspace(workspaceOf(surroundings(args, io)))

/**
 * Variables of `--env` and `--var`; the latter go first. Secrets come from the surroundings (`NETCORE_SECRET_…`) or from the file
 * beside the person's settings; those in the key store of the desktop program cannot be read here.
 *
 * @throws ConsoleError `OPTION_INVALID`, `ENVIRONMENT_UNKNOWN`, `ENVIRONMENT_INVALID`.
 */
export function readVariables(args: Arguments, io: CliIo, workspace: Workspace): ReadonlyMap<string, string> {
  const secrets = new SecretStore({ path: secretsPath(workspace.dir, io.env), env: io.env, cipher: null })
  const variables = new Map(new Environments(workspace, secrets).variables(args.text('env') ?? ''))
  for (const given of args.list('var')) {
    const at = given.indexOf('=')
    const name = at < 0 ? '' : given.slice(0, at)
    if (!VARIABLE_NAME.test(name)) throw usageError(`--var ${given} is not name=value`)
    variables.set(name, given.slice(at + 1))
  }
  return variables
}

export interface StoredMessage {
  readonly kind: MessageDraft['kind']
  readonly request: OutgoingRequest
}

/**
 * The message of `--from`, with its variables filled. `--priority`, `--timeout` and `--header` go before what is in the file. Its
 * body is released by the caller.
 *
 * @throws ConsoleError `WORKSPACE_FILE_UNKNOWN`, `DRAFT_INVALID`, `VARIABLE_UNKNOWN`, `OPTION_INVALID`, or as `readVariables`.
 */
export function readStored(name: string, args: Arguments, io: CliIo): StoredMessage {
  const body = BODY_OPTIONS.find((option) => args.has(option))
  if (body !== undefined) throw usageError(`--${body} and --from exclude each other: a message has one body`)
  if (args.positional(1) !== '')
    throw usageError(`"${args.positional(1)}" is one argument too many: the route is in the file`)
  const timeoutMs = args.integer('timeout', 1, MAX_TIMEOUT_MS)
  const priority = args.integer('priority', 0, 7)
  const workspace = workspaceGiven(args, io)
  const draft = messageNamed(workspace, name)
  const filled = fillDraft(draft, readVariables(args, io, workspace))
  const request = {
    route: filled.route,
    headers: { ...filled.headers, ...readHeaders(args.list('header')) },
    priority: (priority ?? draft.priority) as Priority,
    timeoutMs: timeoutMs ?? draft.timeoutMs,
    body: encodeDraft(filled, workspace.dir),
  }
  return { kind: draft.kind, request }
}
