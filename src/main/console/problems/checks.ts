import { checkDamage, checkLosses, checkPeers, checkPorts, checkReach } from './link-checks'
import type { Check } from './problem-facts'
import {
  checkCache,
  checkCapture,
  checkClock,
  checkFiles,
  checkRecording,
  checkResponders,
  checkScreens,
  checkTasks,
} from './session-checks'
import { checkSilence, checkUnreadable } from './silence-checks'

/** All checks, in the order in which their findings are told. */
export const CHECKS: readonly Check[] = [
  checkPorts,
  checkReach,
  checkPeers,
  checkSilence,
  checkUnreadable,
  checkDamage,
  checkLosses,
  checkScreens,
  checkClock,
  checkTasks,
  checkCache,
  checkCapture,
  checkFiles,
  checkResponders,
  checkRecording,
]
