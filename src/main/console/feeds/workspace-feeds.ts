import type { Clock } from '../../../shared/model/clock'
import type { PortInfo, Profile } from '../../../shared/model/views'
import type { ProfileFolder } from '../../workspace/profile-folder'
import type { WorkspaceList } from '../../../shared/contract/replies'
import type { WorkspaceKind } from '../../../shared/workspace/workspace-types'
import type { Workspace } from '../../workspace/workspace'
import type { Feed } from '../console-types'
import type { PortList } from '../port-list'
import { PacedFeed } from './paced-feed'

const INTERVAL_MS = 100

/** All ports, on subscribing and whenever something about them changed. The system is asked while a feed is open. */
export function portsFeed(ports: PortList, clock: Clock): Feed<{ ports: PortInfo[] }> {
  const feed = new PacedFeed<{ ports: PortInfo[] }>(clock, {
    intervalMs: INTERVAL_MS,
    produce: () => {
      const current = ports.current
      return current && { ports: current }
    },
    hasMore: () => false,
    close: () => stop(),
  })
  const stop = ports.onChange(() => feed.touch())
  return feed
}

/** All profiles, on subscribing and whenever one changed, by whomever. A folder that cannot be read counts as empty. */
export function profilesFeed(profiles: ProfileFolder, clock: Clock): Feed<{ profiles: Profile[] }> {
  let isClosed = false
  let stop = (): void => {}
  const feed = new PacedFeed<{ profiles: Profile[] }>(clock, {
    intervalMs: INTERVAL_MS,
    produce: () => ({ profiles: readable(profiles) }),
    hasMore: () => false,
    close: () => {
      isClosed = true
      stop()
    },
  })
  void profiles
    .watch(() => feed.touch())
    .then((end) => {
      if (isClosed) end()
      else stop = end
    })
  return feed
}

/** All files of a kind, on subscribing and whenever one changed, by whomever. */
export function workspaceFeed(workspace: Workspace, clock: Clock, kind: WorkspaceKind): Feed<WorkspaceList> {
  const feed = new PacedFeed<WorkspaceList>(clock, {
    intervalMs: INTERVAL_MS,
    produce: () => workspace.list(kind),
    hasMore: () => false,
    close: () => stop(),
  })
  const stop = workspace.watch(kind, () => feed.touch())
  return feed
}

/** The command `profiles.list` tells why; a subscription goes on. */
function readable(profiles: ProfileFolder): Profile[] {
  try {
    return profiles.list()
  } catch {
    return []
  }
}
