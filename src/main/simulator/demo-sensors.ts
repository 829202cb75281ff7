/**
 * What the simulated motor controller measures: a motor that speeds up and slows down every 40 s, with what follows
 * from that. A pure function of time, so that two runs read the same.
 */
export function readSensors(nowMs: number): Readonly<Record<string, number>> {
  const turn = (nowMs / 40_000) * 2 * Math.PI
  const load = 0.5 - 0.5 * Math.cos(turn)
  return {
    temperature: round(31 + 9 * load + 0.4 * Math.sin(turn * 7), 2),
    supply: round(24.1 - 0.6 * load, 3),
    current: round(0.35 + 4.2 * load + 0.05 * Math.sin(turn * 31), 3),
    speed: Math.round(3000 * load),
  }
}

export interface ImuSample {
  readonly t: number
  readonly seq: number
  readonly acc: readonly [number, number, number]
  readonly gyro: readonly [number, number, number]
}

/** One reading of the inertial sensor: vibration grows with the speed of the motor. `noise` draws from -1 to 1. */
export function imuSample(nowMs: number, seq: number, noise: () => number): ImuSample {
  const shake = 0.02 + readSensors(nowMs)['speed']! / 20_000
  const axis = (rest: number, width: number): number => round(rest + width * noise(), 3)
  return {
    t: Math.round(nowMs),
    seq,
    acc: [axis(0.02, shake), axis(-0.11, shake), axis(9.81, shake)],
    gyro: [axis(0, shake * 4), axis(0, shake * 4), axis(0.3, shake * 8)],
  }
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits))
