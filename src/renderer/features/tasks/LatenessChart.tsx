import { type JSX, useEffect, useRef } from 'react'
import { LATE_MS, type TaskPunctuality, type TaskRunEntry } from '../../../shared/model/tasks'
import { readPalette } from '../../lanes/colours'
import { useApp } from '../../store/app-store'
import { selectTheme } from '../../store/theme-slice'
import { formatMsNumber, plural } from '../../ui/format'
import { revealLine } from '../../ui/visible-text'
import { latenessBins } from './lateness-bins'
import { taskTexts as t } from './texts'

interface LatenessChartProps {
  readonly runs: readonly TaskRunEntry[]
  readonly punctuality: TaskPunctuality | null
}

const AXIS_PX = 18

/** How late the last runs began, as a histogram, and what that means in one sentence. */
export function LatenessChart({ runs, punctuality }: LatenessChartProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = useApp(selectTheme)
  const hasRuns = punctuality !== null
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (element === null || context === null || context === undefined) return
    const draw = (): void => {
      const palette = readPalette(element)
      const { clientWidth: width, clientHeight: height } = element
      const ratio = globalThis.devicePixelRatio
      Object.assign(element, { width: Math.round(width * ratio), height: Math.round(height * ratio) })
      context.setTransform(ratio, 0, 0, ratio, 0, 0)
      context.clearRect(0, 0, width, height)
      const { counts, binMs } = latenessBins(runs)
      const most = Math.max(1, ...counts)
      const base = height - AXIS_PX
      const step = width / counts.length
      context.fillStyle = palette.border2
      context.fillRect(0, base, width, 1)
      counts.forEach((count, at) => {
        if (count === 0) return
        // One run among hundreds must be seen.
        const bar = Math.max(2, Math.round((count / most) * (base - 4)))
        context.fillStyle = at * binMs >= LATE_MS ? palette.warn : palette.text3
        context.fillRect(Math.round(at * step), base - bar, Math.max(1, Math.floor(step) - 1), bar)
      })
      context.fillStyle = palette.text3
      context.font = `12px ${palette.fontFamily}`
      context.textBaseline = 'top'
      for (const [share, align] of [
        [0, 'left'],
        [0.5, 'center'],
        [1, 'right'],
      ] as const) {
        context.textAlign = align
        const ms = share * binMs * counts.length
        context.fillText(
          share === 0 ? '0' : `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`,
          share * width,
          base + 4,
        )
      }
    }
    draw()
    const sizes = new ResizeObserver(draw)
    sizes.observe(element)
    return () => sizes.disconnect()
  }, [runs, theme, hasRuns])
  return (
    <section className="sec">
      <h3>
        {t.lateness}
        {punctuality !== null && <span className="r">{t.lastRuns(punctuality.runs)}</span>}
      </h3>
      {hasRuns && (
        <canvas ref={canvas} className="tasks-hist" role="img" aria-label={sayLateness(punctuality)} />
      )}
      <p className="tasks-say">
        {punctuality === null ? (
          t.noRuns
        ) : punctuality.lateRuns === 0 ? (
          t.onTime(punctuality.runs)
        ) : (
          <>
            {t.lateOf(punctuality.lateRuns, punctuality.runs)}
            {punctuality.behindRuns > 0 && (
              <>
                {punctuality.behindRuns === punctuality.lateRuns
                  ? t.behindAll
                  : t.behindMost(punctuality.behindRuns)}
                <b className="b">{revealLine(punctuality.behind)}</b>
              </>
            )}
            .
          </>
        )}
      </p>
    </section>
  )
}

const sayLateness = (punctuality: TaskPunctuality | null): string =>
  punctuality === null
    ? t.noRuns
    : `${t.lateness}: ${plural(punctuality.runs, 'run')}, ${t.jitterOf(punctuality.p50Ms, punctuality.p99Ms)}, at most ${formatMsNumber(punctuality.maxMs)} ms`
