import { asConsoleError, type ConsoleError } from '../../shared/errors'
import type { SnippetRuns } from '../operate/snippets/snippet-runs'
import type { ProfileFolder } from '../workspace/profile-folder'

/**
 * Runs the snippet of a profile whenever a link of its address is ready, also when it is there again after a loss.
 *
 * @param runs - Asked for when it is needed: links are made before runs are.
 * @param onProblem - The snippet cannot begin. The link works all the same.
 */
export function connectSnippets(
  profiles: ProfileFolder,
  runs: () => SnippetRuns,
  onProblem: (problem: ConsoleError) => void,
): (url: string, linkId: number) => void {
  const start = (url: string, linkId: number): void => {
    try {
      for (const { name, snippet = '', url: own } of profiles.list()) {
        if (snippet === '' || own !== url) continue
        runs().start(snippet, { link: linkId, variables: new Map() }, { origin: 'connect', name })
      }
    } catch (error) {
      onProblem(asConsoleError(error))
    }
  }
  // the link is in the middle of telling that it is ready
  return (url, linkId) => queueMicrotask(() => start(url, linkId))
}
