import { type JSX, useMemo } from 'react'
import { compileFilter } from '../../../shared/filter'
import { MAX_EXPECT_LENGTH } from '../../../shared/workspace/message-file'
import { useApp } from '../../store/app-store'
import { texts } from './texts'

/** What the answer must be, and whether the filter makes sense. */
export function ExpectPart(): JSX.Element {
  const expect = useApp((s) => s.draft.expect)
  const { draftChanged } = useApp.getState()
  const problem = useMemo(() => expectProblem(expect), [expect])
  return (
    <div className="expect-part">
      <label className={problem === null ? 'field grow' : 'field grow bad'}>
        <span className="lab">{texts.expectLabel}</span>
        <input
          className="mono"
          spellCheck={false}
          maxLength={MAX_EXPECT_LENGTH}
          placeholder={texts.expectPlaceholder}
          aria-invalid={problem !== null}
          aria-describedby="composer-expect-hint"
          value={expect}
          onChange={(event) => draftChanged({ expect: event.target.value })}
        />
      </label>
      <span id="composer-expect-hint" className={problem === null ? 't3 ell' : 'err ell'}>
        {problem ?? texts.expectHint}
      </span>
    </div>
  )
}

/** What is wrong with the filter; null for nothing. */
function expectProblem(filter: string): string | null {
  if (filter.trim() === '') return null
  const compiled = compileFilter(filter)
  return compiled.ok ? null : (compiled.problems[0]?.message ?? null)
}
