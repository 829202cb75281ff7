import { parseMeta } from '../wire/meta'

/** Numbers of the library for the ways to part. */
export const CLOSE = {
  /** Nothing new shall be begun; what is under way goes on. */
  soon: 1000,
  command: 1001,
  protocol: 1002,
} as const

/** What both sides call an answer that says "not so fast". */
export const PRESSURE_CODE = 3001

/** What a Close frame of the peer comes to. */
export type Parting = 'soon' | 'command' | 'protocol'

/**
 * The few ways that matter. 2008 and 2009 are local words of the library which would switch its reconnecting off: from the
 * wire they mean a close like any other, and so does whatever else stands there.
 */
export function partingOf(meta: string): Parting {
  const code = parseMeta(meta).get('code')
  if (code === String(CLOSE.soon)) return 'soon'
  return code === String(CLOSE.protocol) ? 'protocol' : 'command'
}
