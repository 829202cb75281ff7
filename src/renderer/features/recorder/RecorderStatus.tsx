import type { JSX } from 'react'
import { LOW_DISK_BYTES } from '../../../shared/model/recorder'
import { useApp } from '../../store/app-store'
import { formatBytes } from '../../ui/format'
import { recorderTexts as t } from './texts'

/** While something is recorded: how much, and the room that is left. The way to the library. */
export function RecorderStatus(): JSX.Element | null {
  const now = useApp((s) => s.recorder?.now ?? null)
  const freeBytes = useApp((s) => s.recorder?.freeBytes ?? null)
  const { pageChosen } = useApp.getState()
  if (now === null) return null
  const free = freeBytes === null ? null : formatBytes(freeBytes)
  const isLow = freeBytes !== null && freeBytes < LOW_DISK_BYTES
  return (
    <button
      type="button"
      title={t.statusHint(now.recording, now.entries, now.durableEntries, free)}
      onClick={() => pageChosen('recordings')}
    >
      <span className="dot err" />
      <span className="k">{t.status}</span>
      <span className="num">{formatBytes(now.bytes)}</span>
      {free !== null && <span className={isLow ? 'warn' : 'k'}>{t.free(free)}</span>}
    </button>
  )
}
