import { type JSX, useState } from 'react'
import { isReplayOpen, shortRunHash } from '../../../shared/model/replay'
import { useApp } from '../../store/app-store'
import { formatMsNumber } from '../../ui/format'
import type { ScreenPoint } from '../../ui/Menu'
import { RunPanel } from './RunPanel'
import { replayTexts as t } from './texts'
import './replay.css'

/** The run in the status bar: how far it is, and in the end which it was. */
export function RunStatus(): JSX.Element | null {
  const replay = useApp((s) => s.replay)
  const [at, setAt] = useState<ScreenPoint | null>(null)
  if (replay === null) return null
  const { sent, total, late, differences, hash, orderHash, phase, hostOpens } = replay
  const isOpen = isReplayOpen(replay)
  const shown = hash === null || orderHash === null ? null : shortRunHash(hash, orderHash)
  return (
    <>
      {isOpen && late !== null && (
        <span>
          <span className="k">{t.late}</span>
          <span className="num">{`${formatMsNumber(late.p99Ms)} ms`}</span>
        </span>
      )}
      <button
        type="button"
        aria-haspopup="dialog"
        aria-expanded={at !== null}
        title={shown === null ? t.phases[phase] : t.statusHint(shown)}
        onClick={({ currentTarget }) => {
          const box = currentTarget.getBoundingClientRect()
          setAt({ x: box.left, y: box.top })
        }}
      >
        {phase === 'failed' && <span className="dot err" />}
        <span className="k">{t.run}</span>
        <span className={shown === null ? 'num' : 'mono'}>{shown ?? t.progress(sent, total)}</span>
        {isOpen && hostOpens !== null && sent === 0 && <span className="mono">{hostOpens}</span>}
        {differences > 0 && <span className="warn num">{t.counted(differences)}</span>}
      </button>
      {at !== null && <RunPanel at={at} replay={replay} onClose={() => setAt(null)} />}
    </>
  )
}
