import type { Environments } from '../../operate/send/environments'
import type { SnippetRuns } from '../../operate/snippets/snippet-runs'
import type { Handlers } from './handlers'

type SnippetCommand = 'snippet.run' | 'snippet.stop'

export const snippetHandlers = (
  runs: SnippetRuns,
  environments: Environments,
): Pick<Handlers, SnippetCommand> => ({
  'snippet.run': ({ name, link, environment, variables }) => {
    const given = new Map([...environments.variables(environment), ...Object.entries(variables)])
    const { runId } = runs.start(name, { link, variables: given }, { origin: 'operator', name: '' })
    return { runId }
  },
  'snippet.stop': ({ runId }) => {
    runs.stop(runId)
    return {}
  },
})
