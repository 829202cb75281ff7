import { z } from 'zod'
import { MAX_WORKSPACE_FILE_BYTES } from '../../workspace/entry-name'
import { MAX_SECRET_LENGTH } from '../../model/drafts'
import { MAX_VARIABLE_NAME_LENGTH } from '../../workspace/environment-file'
import { text, nothing, workspaceFile, environment } from './fields'

const revision = text(64)
const secret = { environment: environment.min(1), name: text(MAX_VARIABLE_NAME_LENGTH).min(1) }

/** Commands for what an operator keeps in files, secrets and settings. */
export const workspaceRequests = {
  /** Files of the workspace of one kind. */
  'workspace.list': z.strictObject({ kind: workspaceFile.kind }),
  'workspace.read': z.strictObject(workspaceFile),
  /** `revision` is the one that was read, null for a new file: a file that changed meanwhile is not overwritten. */
  'workspace.save': z.strictObject({
    ...workspaceFile,
    text: text(MAX_WORKSPACE_FILE_BYTES),
    revision: revision.nullable(),
  }),
  'workspace.remove': z.strictObject({ ...workspaceFile, revision }),
  'workspace.rename': z.strictObject({
    kind: workspaceFile.kind,
    from: workspaceFile.name,
    to: workspaceFile.name,
  }),
  /** Secrets that an environment names, and where their values are; never the values. */
  'secrets.list': z.strictObject({ environment }),
  'secret.set': z.strictObject({ ...secret, value: text(MAX_SECRET_LENGTH).min(1) }),
  'secret.forget': z.strictObject(secret),
  /** Choices of the screen, which all windows and hosts share. */
  'settings.read': nothing,
  'setting.set': z.strictObject({ name: text(200).min(1), value: text(64 * 1024).nullable() }),
} as const

/** What can be followed of it. */
export const workspaceSubscriptions = {
  /** Choices of the screen: all of them on subscribing and whenever one changed, by whomever. */
  settings: nothing,
  /** Files of the workspace of one kind: all of them on subscribing and whenever one changed, by whomever. */
  workspace: z.strictObject({ kind: workspaceFile.kind }),
} as const
