import { useEffect } from 'react'
import { asConsoleError, toWireError } from '../../../shared/errors'
import { useSession } from '../../store/session-context'
import { followFile } from './snippets-desk'
import { useSnippets } from './snippets-store'

/** Keeps the store up to date while the snippets are shown: their files, names they may use, and how they run. */
export function useSnippetsFeed(): void {
  const { client } = useSession()
  const name = useSnippets((s) => s.open?.name ?? '')
  const chosenRunId = useSnippets((s) => s.chosenRunId)
  useEffect(() => {
    const { setState: set } = useSnippets
    const failed = (error: unknown): void => set({ problem: toWireError(asConsoleError(error)) })
    const namesOf = (entries: readonly { readonly name: string }[]): string[] =>
      entries.map((each) => each.name)
    const stops = [
      client.subscribe(
        'workspace',
        { kind: 'snippets' },
        ({ entries }) => {
          set({ entries })
          void followFile(client)
        },
        failed,
      ),
      client.subscribe(
        'workspace',
        { kind: 'messages' },
        ({ entries }) => set({ messages: namesOf(entries) }),
        failed,
      ),
      client.subscribe(
        'workspace',
        { kind: 'environments' },
        ({ entries }) => set({ environments: namesOf(entries) }),
        failed,
      ),
    ]
    return () => stops.forEach((stop) => stop())
  }, [client])
  useEffect(() => {
    const { setState: set } = useSnippets
    return client.subscribe(
      'snippet-runs',
      { runId: chosenRunId, name },
      (runs) => set({ runs }),
      (error) => set({ problem: toWireError(asConsoleError(error)) }),
    )
  }, [client, name, chosenRunId])
}
