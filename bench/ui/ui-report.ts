import { withSection } from '../report/section'

export const SCREEN_HEADING = '## The screen (npm run bench:ui)'

/** One budget of the screen, as measured in one run. */
export interface ScreenFigure {
  readonly what: string
  /** The budget in words: `p99 ≤ 20 ms`. */
  readonly budget: string
  /** One value per round, in order. */
  readonly values: readonly number[]
  readonly unit: string
  /** Whether the budget was kept, one per round; absent where there is none. */
  readonly kept?: readonly boolean[]
}

export interface ScreenRun {
  readonly dateIso: string
  readonly machine: string
  readonly rounds: number
  readonly minutes: number
}

/** The results with their section on the screen replaced, or added at the end. */
export function withScreenSection(
  results: string,
  figures: readonly ScreenFigure[],
  { dateIso, machine, rounds, minutes }: ScreenRun,
): string {
  return withSection(results, SCREEN_HEADING, [
    `Run on ${dateIso} in ${minutes.toFixed(1)} minutes, ${rounds} rounds, headless Chromium without a graphics card. ${machine}.`,
    'Medians over the rounds with (smallest–largest). A budget counts as kept when most rounds kept it, one of 0 when all did. A frame is the time between two animation frames of the page.',
    '',
    '| what | budget | measured | kept |',
    '| --- | --- | --- | --- |',
    ...figures.map(row),
  ])
}

export function row({ what, budget, values, unit, kept }: ScreenFigure): string {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)]
  const measured =
    middle === undefined
      ? '–'
      : sorted.length === 1
        ? shown(middle)
        : `${shown(middle)} (${shown(sorted[0]!)}–${shown(sorted.at(-1)!)})`
  return `| ${what} | ${budget} | ${measured} ${unit} | ${verdict(budget, kept)} |`
}

/** Time on a shared machine is judged by most rounds, as `npm run bench` does; what must never happen, by all. */
function verdict(budget: string, kept: readonly boolean[] | undefined): string {
  if (kept === undefined) return '–'
  const keptRounds = kept.filter(Boolean).length
  if (keptRounds === kept.length) return 'yes'
  const isKept = budget !== '0' && keptRounds * 2 > kept.length
  return isKept ? `yes, in ${keptRounds} of ${kept.length} rounds` : '**no**'
}

const shown = (value: number): string =>
  Math.abs(value) >= 1000 || Number.isInteger(value)
    ? Math.round(value).toLocaleString('en-US')
    : value.toPrecision(3)
