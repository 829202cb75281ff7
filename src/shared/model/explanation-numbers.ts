const NO_BREAK = '\u00a0'

/** `115 200`: groups of three with a no-break space. */
export const groupedNumber = (value: number): string =>
  String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, NO_BREAK)

/** How an explanation writes times: all of one explanation alike, so that what is shown adds up. */
interface Scale {
  readonly unit: 'ms' | 's'
  readonly unitMs: number
  readonly digits: number
}

function scaleOf(totalMs: number): Scale {
  if (totalMs < 9.995) return { unit: 'ms', unitMs: 1, digits: 2 }
  if (totalMs < 9_999.95) return { unit: 'ms', unitMs: 1, digits: 1 }
  return { unit: 's', unitMs: 1000, digits: 2 }
}

function written(steps: number, { unit, digits }: Scale): string {
  const [whole, fraction] = (steps / 10 ** digits).toFixed(digits).split('.')
  return `${groupedNumber(Number(whole))}.${fraction!}${NO_BREAK}${unit}`
}

/**
 * A time: `36.2 ms`, `0.42 ms`, `12.30 s`.
 *
 * @param totalMs - Beside a total, it is written with as many digits as that.
 */
export function explainedMs(ms: number, totalMs = ms): string {
  const scale = scaleOf(totalMs)
  return written(Math.round((ms / scale.unitMs) * 10 ** scale.digits), scale)
}

/**
 * A total and its parts as people read them: rounded so that the parts which are shown add up to the total which is
 * shown (largest remainders). A part below the last digit may read 0.
 */
export function explainedShares(
  totalMs: number,
  partsMs: readonly number[],
): { readonly total: string; readonly parts: readonly string[]; readonly isShown: readonly boolean[] } {
  const scale = scaleOf(totalMs)
  const stepMs = scale.unitMs / 10 ** scale.digits
  const total = Math.round(totalMs / stepMs)
  const steps = partsMs.map((ms) => Math.floor(ms / stepMs))
  const byRemainder = partsMs
    .map((ms, index) => ({ index, remainder: ms / stepMs - Math.floor(ms / stepMs) }))
    .sort((a, b) => b.remainder - a.remainder)
  let missing = total - steps.reduce((sum, each) => sum + each, 0)
  for (const { index } of byRemainder) {
    if (missing <= 0) break
    steps[index]! += 1
    missing -= 1
  }
  return {
    total: written(total, scale),
    parts: steps.map((each) => written(each, scale)),
    isShown: steps.map((each) => each > 0),
  }
}
