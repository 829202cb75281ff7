import type { Workspace } from '../../workspace/workspace'
import type { Handlers } from './handlers'

type WorkspaceCommand =
  | 'workspace.list'
  | 'workspace.read'
  | 'workspace.save'
  | 'workspace.remove'
  | 'workspace.rename'

export const workspaceHandlers = (workspace: Workspace): Pick<Handlers, WorkspaceCommand> => ({
  'workspace.list': ({ kind }) => workspace.list(kind),
  'workspace.read': ({ kind, name }) => ({ file: workspace.read(kind, name) }),
  'workspace.save': async ({ kind, name, text, revision }) => ({
    file: await workspace.save(kind, name, text, revision),
  }),
  'workspace.remove': async ({ kind, name, revision }) => {
    await workspace.remove(kind, name, revision)
    return {}
  },
  'workspace.rename': async ({ kind, from, to }) => ({ file: await workspace.rename(kind, from, to) }),
})
