import { type JSX, useId, useState } from 'react'
import { MAX_TAG_LENGTH, tagProblem } from '../../../shared/workspace/recording-file'
import { useSession } from '../../store/session-context'
import { Icon } from '../../ui/icons'
import { revealLine } from '../../ui/visible-text'
import { tagRecordings } from './library-actions'
import { useLibrary } from './library-store'
import { libraryTexts as t } from './texts'

interface TagEditorProps {
  /** All of them get, or lose, a tag. */
  readonly recordings: readonly string[]
  readonly tags: readonly string[]
}

const NONE: readonly string[] = []

/** The tags as chips, and a field for one more; tags of other recordings are offered. */
export function TagEditor({ recordings, tags }: TagEditorProps): JSX.Element {
  const session = useSession()
  const known = useLibrary((s) => s.news?.tags ?? NONE)
  const [text, setText] = useState('')
  const listId = useId()
  const tag = text.trim()
  const problem = tag === '' ? null : tagProblem(tag)
  const add = (): void => {
    if (tag === '' || problem !== null) return
    tagRecordings(session, recordings, { add: tag })
    setText('')
  }
  return (
    <section className="library-tags" aria-label={t.tags}>
      <h3>{t.tags}</h3>
      <div className="chips">
        {tags.map((each) => (
          <span key={each} className="library-tag">
            {revealLine(each)}
            <button
              type="button"
              title={t.removeTag(each)}
              aria-label={t.removeTag(each)}
              onClick={() => tagRecordings(session, recordings, { remove: each })}
            >
              <Icon name="x" small />
            </button>
          </span>
        ))}
        <input
          value={text}
          list={listId}
          aria-label={t.addTag}
          aria-invalid={problem !== null}
          title={problem ?? undefined}
          placeholder={t.addTag}
          maxLength={MAX_TAG_LENGTH}
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
          onBlur={add}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' && event.key !== ',') return
            event.preventDefault()
            event.stopPropagation()
            add()
          }}
        />
        <datalist id={listId}>
          {known
            .filter((each) => !tags.includes(each))
            .map((each) => (
              <option key={each} value={each} />
            ))}
        </datalist>
      </div>
    </section>
  )
}
