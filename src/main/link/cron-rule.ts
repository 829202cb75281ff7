import { Cron } from 'croner'
import { ConsoleError } from '../../shared/errors'
import type { CronRule } from '../netcore/scheduler'

const MAX_EXPRESSION_LENGTH = 256
/** The last moment a date can hold; nothing is due after it. */
const MAX_WALL_MS = 8.64e15

export interface CronRuleOptions {
  /** IANA name, for example `Europe/Berlin`. Default: the zone of the machine. */
  readonly timeZone?: string
}

/**
 * A cron expression as the scheduler asks for it: five fields (minute hour day month weekday), six (seconds first), seven
 * (and a year at the end), or a nickname such as `@daily`.
 *
 * When the clocks of the zone change:
 * - A rule with one fixed time of day (`30 2 * * *`) runs once on each day: a time that is left out runs at the first moment
 *   after the gap, a time that comes twice runs the first time.
 * - Any other rule (every ten minutes, a list of hours) follows the clock on the wall: nothing in the gap, and twice in the
 *   hour that comes twice.
 *
 * @throws ConsoleError `CRON_INVALID` for what cannot be read, for an unknown zone, and for a rule that is never due.
 */
export function cronRule(expression: string, options: CronRuleOptions = {}): CronRule {
  const { timeZone } = options
  const text = timeZone === undefined ? expression : `${expression} (${timeZone})`
  // With a colon the parser would take it for a date; dates are not rules.
  if (expression.length > MAX_EXPRESSION_LENGTH || expression.includes(':')) {
    throw new ConsoleError('CRON_INVALID', `"${expression.slice(0, 80)}" is not a cron expression`, {
      timeZone,
    })
  }
  const nextAfterMs = (cron: Cron, wallMs: number): number | null =>
    wallMs < MAX_WALL_MS ? (cron.nextRun(new Date(wallMs))?.getTime() ?? null) : null
  try {
    const cron = new Cron(expression, timeZone === undefined ? {} : { timezone: timeZone })
    if (nextAfterMs(cron, 0) === null) throw new Error('it is never due')
    return { text, nextAfterMs: (wallMs) => nextAfterMs(cron, wallMs) }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new ConsoleError(
      'CRON_INVALID',
      `"${text}" cannot be used: ${why}`,
      { expression, timeZone },
      { cause },
    )
  }
}
