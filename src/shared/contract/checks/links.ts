import { z } from 'zod'
import { MAX_PROFILE_NAME_LENGTH } from '../../model/link-url'
import { MAX_PULSE_STEP_MS, MAX_PULSE_STEPS } from '../../model/reset-recipe'
import { linkId, text, nothing, MAX_URL_CHARACTERS } from './fields'

const line = z.boolean().optional()
const profileName = z.string().min(1).max(MAX_PROFILE_NAME_LENGTH)

/** Commands for links, ports and profiles. */
export const linkRequests = {
  /** What is this program, and which host runs it. */
  'app.info': nothing,
  'ports.list': nothing,
  'recent.list': nothing,
  'recent.forget': z.strictObject({ url: text(2048) }),
  /** Opens a link; answers as soon as it exists, its state comes by `status`. */
  'link.open': z.strictObject({ url: text(MAX_URL_CHARACTERS) }),
  'link.close': z.strictObject({ linkId }),
  'link.reopen': z.strictObject({ linkId }),
  /** Sets DTR and RTS of a serial link; what is left out stays. */
  'link.lines': z.strictObject({ linkId, dtr: line, rts: line }),
  /** Sets DTR and RTS in timed steps; without steps those of the address (`reset=`), else DTR low for 100 ms. */
  'link.pulse': z.strictObject({
    linkId,
    steps: z
      .array(z.strictObject({ dtr: line, rts: line, ms: z.int().min(0).max(MAX_PULSE_STEP_MS) }))
      .max(MAX_PULSE_STEPS),
  }),
  'link.break': z.strictObject({ linkId, ms: z.int().min(1).max(MAX_PULSE_STEP_MS) }),
  /** Uses the different device that is on the port of a waiting link. */
  'link.accept': z.strictObject({ linkId }),
  /** Listen only: while it is on, nothing that anybody starts leaves on any link. */
  'lock.set': z.strictObject({ isLocked: z.boolean() }),
  /** Looks at what keeps serial ports and sockets of this computer from working. */
  'machine.check': nothing,
  'profiles.list': nothing,
  'profile.save': z.strictObject({
    name: profileName,
    url: text(MAX_URL_CHARACTERS),
    note: text(4096),
    tags: z.array(text(64)).max(32).optional(),
    /** A recording is begun before a link of its address opens; left out: as it was. */
    isRecorded: z.boolean().optional(),
  }),
  'profile.remove': z.strictObject({ name: profileName }),
} as const

/** What can be followed of it. */
export const linkSubscriptions = {
  /** Links, rates, queue, losses: one snapshot on subscribing, then at most 5 a second, when something changed. */
  status: nothing,
  /** Serial ports of this computer: all of them on subscribing and whenever something about them changed. */
  ports: nothing,
  /** Profiles of the workspace: all of them on subscribing and whenever one changed, by whomever. */
  profiles: nothing,
} as const
