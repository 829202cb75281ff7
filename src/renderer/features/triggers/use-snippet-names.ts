import { useEffect, useState } from 'react'
import { useSession } from '../../store/session-context'

const NONE: readonly string[] = []

/** Names of the snippets of the workspace; none until the core has told. */
export function useSnippetNames(): readonly string[] {
  const { client } = useSession()
  const [names, setNames] = useState(NONE)
  useEffect(
    () =>
      client.subscribe(
        'workspace',
        { kind: 'snippets' },
        ({ entries }) => setNames(entries.map(({ name }) => name)),
        () => setNames(NONE), // the whole screen says that the core is gone
      ),
    [client],
  )
  return names
}
