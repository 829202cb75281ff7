import type { RandomSource } from '../netcore/dialects/dialect'

export interface LogLine {
  readonly t: number
  readonly level: 'debug' | 'info' | 'warn'
  readonly tag: string
  readonly text: string
}

type Phrase = (draw: RandomSource) => Pick<LogLine, 'level' | 'tag' | 'text'>

const PHRASES: readonly Phrase[] = [
  (draw) => ({ level: 'info', tag: 'motor', text: `phase current ${1 + draw(380) / 100} A, limit 5.00 A` }),
  (draw) => ({ level: 'debug', tag: 'adc', text: `offset calibrated, ${draw(64)} of 4096 counts` }),
  (draw) => ({ level: 'info', tag: 'can', text: `bus load ${12 + draw(40)} %, ${draw(3)} error frames` }),
  (draw) => ({ level: 'debug', tag: 'imu', text: `fifo ${draw(32)} samples, temperature ${28 + draw(9)} C` }),
  (draw) => ({ level: 'info', tag: 'flash', text: `page ${draw(512)} written in ${2 + draw(5)} ms` }),
  (draw) => ({ level: 'warn', tag: 'supply', text: `dip to ${22 + draw(15) / 10} V for ${1 + draw(9)} ms` }),
  (draw) => ({ level: 'debug', tag: 'sched', text: `control loop ${48 + draw(5)} us of 100 us` }),
  (draw) => ({ level: 'info', tag: 'enc', text: `index found at ${draw(8192)}, error ${draw(7) - 3}` }),
]

/** One line of the log; the text ends with a running number, so that a lost line is seen. */
export function logLine(nowMs: number, number: number, random: RandomSource): LogLine {
  const { level, tag, text } = PHRASES[random(PHRASES.length)]!(random)
  return { t: Math.round(nowMs), level, tag, text: `${text} [${number}]` }
}

/** The log since power-on as plain text of exactly `bytes` bytes (ASCII); the last line may be cut. */
export function bootLog(bytes: number, random: RandomSource): string {
  let log = ''
  let atMs = 0
  for (let number = 0; log.length < bytes; number++) {
    atMs += 5 + random(120)
    const { level, tag, text } = logLine(atMs, number, random)
    log += `[${(atMs / 1000).toFixed(3).padStart(9)}] ${level.padEnd(5)} ${tag}: ${text}\n`
  }
  return log.slice(0, bytes)
}
