import { type JSX, useEffect, useState } from 'react'
import type { WhatIfState } from '../../../shared/model/what-if'
import { useSession } from '../../store/session-context'
import { ChooseRecording } from './ChooseRecording'
import { SettingsForm } from './SettingsForm'
import { whatIfTexts as t } from './texts'
import { useWhatIfRun } from './use-what-if-run'
import { useWhatIf } from './what-if-store'
import { WhatIfFigures } from './WhatIfFigures'
import { WhatIfList } from './WhatIfList'
import { WhatIfStripView } from './WhatIfStripView'
import './what-if.css'

/** What was recorded, sent again with other settings. */
export function WhatIfPane(): JSX.Element {
  const recording = useWhatIf((s) => s.recording)
  return (
    <section className="what-if" data-pane="what-if" aria-label={t.title} tabIndex={-1}>
      {recording === null ? <ChooseRecording /> : <Tried recording={recording} />}
    </section>
  )
}

function Tried({ recording }: { readonly recording: string }): JSX.Element {
  const { live } = useSession()
  const settings = useWhatIf((s) => s.settings)
  const asked = useWhatIf((s) => s.asked)
  const [attempt, setAttempt] = useState(0)
  const { done, state } = useWhatIfRun(recording, settings, attempt)
  const run = done?.run ?? null
  useEffect(() => {
    if (asked === null || run === null) return
    live.call('whatif.nearest', { run, ...asked }).then(
      ({ row }) => {
        if (row >= 0) useWhatIf.getState().rowSelected(row)
        useWhatIf.getState().askedFound()
      },
      () => undefined, // another run is on its way
    )
  }, [live, asked, run])
  return (
    <div className="what-if-ready">
      <SettingsForm
        recording={recording}
        line={done?.summary.line ?? null}
        used={done?.summary.used ?? null}
      />
      <div className="what-if-main">
        <Head
          state={state}
          sentence={done?.summary.sentence ?? ''}
          onAgain={() => setAttempt((before) => before + 1)}
        />
        {done === null ? (
          <div className="what-if-waiting" />
        ) : (
          <>
            <WhatIfStripView run={done.run} line={done.summary.line} spanMs={done.summary.spanAfterMs} />
            <WhatIfList run={done.run} total={done.summary.messages} fromMs={done.summary.line.fromMs} />
          </>
        )}
      </div>
      {done === null ? (
        <aside className="pane what-if-side" aria-label={t.figures} />
      ) : (
        <WhatIfFigures run={done.run} summary={done.summary} />
      )}
    </div>
  )
}

interface HeadProps {
  readonly state: WhatIfState | null
  readonly sentence: string
  readonly onAgain: () => void
}

/** One line that keeps its height: what was found, how far it is, or what is wrong. */
function Head({ state, sentence, onAgain }: HeadProps): JSX.Element {
  if (state?.state === 'failed') {
    return (
      <div className="what-if-head is-bad" role="alert">
        <p>
          <b>{t.failed}.</b> {state.message}. {state.remedy}
        </p>
        <button type="button" className="btn sm" onClick={onAgain}>
          {t.again}
        </button>
      </div>
    )
  }
  const isBusy = state?.state === 'running'
  const percent = isBusy && state.total > 0 ? Math.round((100 * state.done) / state.total) : 0
  return (
    <div className="what-if-head" aria-busy={isBusy}>
      <p role="status">{isBusy && sentence === '' ? `${t.stages[state.stage]} …` : sentence}</p>
      {isBusy ? (
        <progress className="what-if-progress" aria-label={t.stages[state.stage]} max={100} value={percent} />
      ) : null}
    </div>
  )
}
