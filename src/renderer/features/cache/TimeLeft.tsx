import { type JSX, useEffect, useRef } from 'react'
import { useApp } from '../../store/app-store'
import { sessionNowMs } from '../../store/links-slice'
import { everyTick, LOW_SHARE, shareLeft, textLeft } from './time-left'
import { cacheTexts as t } from './texts'

interface TimeLeftProps {
  readonly livesFromMs: number
  /** Null: pinned. */
  readonly expiresAtMs: number | null
}

const now = (): number => sessionNowMs(useApp.getState(), performance.now())

/** How long an entry has to live, as a bar and in words. The bar moves by itself, without React and without a frame of ours. */
export function TimeLeft({ livesFromMs, expiresAtMs }: TimeLeftProps): JSX.Element {
  const box = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    const bar = box.current?.querySelector<HTMLElement>('i')
    const words = box.current?.querySelector<HTMLElement>('.v')
    if (expiresAtMs === null || !bar || !words) return
    const life = { fromMs: livesFromMs, untilMs: expiresAtMs }
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches
    const startMs = now()
    const share = shareLeft(life, startMs)
    const moving = isStill
      ? undefined
      : bar.animate([{ transform: `scaleX(${share})` }, { transform: 'scaleX(0)' }], {
          duration: Math.max(0, expiresAtMs - startMs),
          fill: 'forwards',
        })
    const tick = (): void => {
      const nowMs = now()
      const text = textLeft(life, nowMs)
      if (words.textContent === text) return
      words.textContent = text
      const left = shareLeft(life, nowMs)
      if (isStill) bar.style.transform = `scaleX(${left})`
      box.current?.classList.toggle('is-low', left < LOW_SHARE)
    }
    tick()
    const stop = everyTick(tick)
    return () => {
      stop()
      moving?.cancel()
    }
  }, [livesFromMs, expiresAtMs])
  return (
    <span className="ttl" ref={box}>
      <span className="bar">{expiresAtMs !== null && <i />}</span>
      {expiresAtMs === null ? <span className="v t3">{t.pinned}</span> : <span className="v" key="left" />}
    </span>
  )
}
