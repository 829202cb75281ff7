import type { SnippetRunsState } from '../../../shared/model/snippets'
import type { Clock } from '../../../shared/model/clock'
import type { SnippetRuns } from '../../operate/snippets/snippet-runs'
import type { Feed } from '../console-types'
import { PacedFeed } from './paced-feed'

const SNIPPET_RUNS_INTERVAL_MS = 100

/** The runs of snippets, and one of them in full: whenever something about them changed. */
export function snippetRunsFeed(
  runs: SnippetRuns,
  clock: Clock,
  { runId, name }: { readonly runId: number | null; readonly name: string },
): Feed<SnippetRunsState> {
  let told = -1
  const stop = runs.onChange(() => feed.touch())
  const feed = new PacedFeed<SnippetRunsState>(clock, {
    intervalMs: SNIPPET_RUNS_INTERVAL_MS,
    produce: () => {
      if (told === runs.version) return undefined
      told = runs.version
      return runs.state(runId, name)
    },
    hasMore: () => false,
    close: stop,
  })
  return feed
}
