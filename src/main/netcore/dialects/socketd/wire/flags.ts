/** What a frame is for, by our word and by the number on the wire. */
export const FLAG = {
  connect: 10,
  connack: 11,
  ping: 20,
  pong: 21,
  close: 30,
  alarm: 31,
  pressure: 32,
  message: 40,
  request: 41,
  subscribe: 42,
  reply: 48,
  'reply-end': 49,
} as const

export type FrameKind = keyof typeof FLAG

const KINDS = new Map<number, FrameKind>(
  Object.entries(FLAG).map(([kind, flag]) => [flag, kind as FrameKind]),
)

/** `unknown`: no peer has a word for it either. */
export const kindOfFlag = (flag: number): FrameKind | 'unknown' => KINDS.get(flag) ?? 'unknown'
