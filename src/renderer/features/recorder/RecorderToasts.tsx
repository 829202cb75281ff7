import { useEffect } from 'react'
import type { RecorderOutcome } from '../../../shared/model/recorder'
import { useApp } from '../../store/app-store'
import type { Toast } from '../../store/toast-slice'
import { sentences } from '../../ui/format'
import { elapsedWords } from './elapsed'
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
  const { recording, became, problem, files, bytes, lengthMs, entries, lostEntries } = outcome
  const action = { label: t.show, run: () => useApp.getState().recordingWished(recording) }
  const key = `recorder:${became}`
  const size = t.facts(elapsedWords(lengthMs), bytes)
  switch (became) {
    case 'recorded': {
      const detail = files > 1 ? `${t.files(files)}, ${size}` : size
      return { key, tone: 'ok', text: t.recorded(recording), detail, action }
    }
    case 'saved':
      return { key, tone: 'ok', text: t.saved(recording), detail: size, action }
    case 'recovered': {
      const detail = t.recoveredFacts(entries, lostEntries)
      return { key, tone: 'warn', text: t.recovered(recording), detail, action }
    }
    case 'left':
      return { key, tone: 'info', text: t.left(recording), detail: t.leftDetail }
    case 'failed': {
      const isPart = recording.endsWith('.part')
      const detail = problem === null ? '' : sentences(problem.message, problem.remedy)
      return { key, tone: 'err', text: isPart ? t.failedPart(recording) : t.failed, detail }
    }
  }
}
