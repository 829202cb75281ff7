import { useEffect } from 'react'
import type { RecorderOutcome } from '../../../shared/model/recorder'
import { useApp } from '../../store/app-store'
import type { Toast } from '../../store/toast-slice'
import { sentences } from '../../ui/format'
import { recorderTexts as t } from './texts'

/** Tells what became of recordings, also of those that were found at the start. Shows nothing itself. */
export function RecorderToasts(): null {
  useEffect(() => {
    let lastId: number | null = null
    const tell = (): void => {
      const { recorder, toasted } = useApp.getState()
      if (recorder === null) return
      // a page that is loaded later hears of what was found at the start, not of all that was recorded since
      const isNew = ({ outcomeId, became }: RecorderOutcome): boolean =>
        lastId === null ? became === 'recovered' || became === 'left' : outcomeId > lastId
      const news = recorder.outcomes.filter(isNew)
      lastId = recorder.outcomes.at(-1)?.outcomeId ?? lastId ?? 0
      for (const outcome of news) toasted(toastOf(outcome))
    }
    tell()
    return useApp.subscribe(({ recorder }, before) => {
      if (recorder !== before.recorder) tell()
    })
  }, [])
  return null
}

function toastOf(outcome: RecorderOutcome): Toast {
  const { recording, became, problem, files, bytes, lostEntries } = outcome
  const action = { label: t.show, run: () => useApp.getState().recordingWished(recording) }
  const key = `recorder:${became}`
  switch (became) {
    case 'recorded':
      return { key, tone: 'ok', text: t.recorded(bytes, files), detail: recording, action }
    case 'saved':
      return { key, tone: 'ok', text: t.saved(bytes), detail: recording, action }
    case 'recovered': {
      const detail = t.recoveredFacts(recording, lostEntries)
      return { key, tone: lostEntries > 0 ? 'warn' : 'ok', text: t.recovered, detail, action }
    }
    case 'left':
      return { key, tone: 'info', text: t.left, detail: recording }
    case 'failed': {
      const detail = problem === null ? '' : sentences(problem.message, problem.remedy)
      return { key, tone: 'err', text: recording.endsWith('.part') ? t.failedPart : t.failed, detail }
    }
  }
}
