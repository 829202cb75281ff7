const MS_PER_MINUTE = 60_000

/** What the wall clock said at session time 0. */
export interface SessionDay {
  /** In ms since 1970. */
  readonly startedAtMs: number
  /** In ms since local midnight. */
  readonly dayStartMs: number
  /** `10:42:07.512`, local. */
  readonly timeOfDay: (sessionMs: number) => string
}

/** @param startedAtIso - When the session began. */
export function sessionDay(startedAtIso: string): SessionDay {
  const startedAtMs = Date.parse(startedAtIso)
  const started = new Date(startedAtMs)
  const minutes = started.getHours() * 60 + started.getMinutes()
  return {
    startedAtMs,
    dayStartMs: minutes * MS_PER_MINUTE + (((startedAtMs % MS_PER_MINUTE) + MS_PER_MINUTE) % MS_PER_MINUTE),
    timeOfDay(sessionMs) {
      const time = new Date(startedAtMs + sessionMs)
      const parts = [time.getHours(), time.getMinutes(), time.getSeconds()]
      const clock = parts.map((part) => String(part).padStart(2, '0')).join(':')
      return `${clock}.${String(time.getMilliseconds()).padStart(3, '0')}`
    },
  }
}
