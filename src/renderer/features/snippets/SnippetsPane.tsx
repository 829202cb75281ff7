import type { JSX } from 'react'
import { RunPane } from './RunPane'
import { SnippetEditor } from './SnippetEditor'
import { SnippetList } from './SnippetList'
import { useSnippets } from './snippets-store'
import { snippetTexts as t } from './texts'
import { useSnippetsFeed } from './use-snippets-feed'
import './snippets.css'

/** The snippets of the workspace: which there are, what one does, and how it runs. */
export function SnippetsPane(): JSX.Element {
  useSnippetsFeed()
  const open = useSnippets((s) => s.open)
  return (
    <div className="snippets">
      <SnippetList />
      {open === null ? <NothingOpen /> : <SnippetEditor key={open.name} open={open} />}
      <RunPane />
    </div>
  )
}

function NothingOpen(): JSX.Element {
  const hasSome = useSnippets((s) => (s.entries?.length ?? 0) > 0)
  const isLoading = useSnippets((s) => s.entries === null || s.isOpening)
  const problem = useSnippets((s) => s.problem)
  return (
    <section className="pane snippet-edit" data-pane="snippet-edit" aria-label={t.title}>
      <div className="phead" />
      <div className="empty">
        {problem !== null ? (
          <p role="alert">
            <b>{problem.message}</b>
            <br />
            {problem.remedy}
          </p>
        ) : isLoading ? (
          <p>{t.loading}</p>
        ) : hasSome ? (
          <p>{t.pick}</p>
        ) : (
          <p>
            <b>{t.none}</b>
            <br />
            {t.noneHint}
          </p>
        )}
      </div>
    </section>
  )
}
