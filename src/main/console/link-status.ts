import { ConsoleError, toWireError } from '../../shared/errors'
import type { LinkStatus, SessionStatus } from '../../shared/model/views'
import type { Capture } from '../capture/capture'
import type { LinkHandle } from '../link/links'
import { linkTitle } from './link-title'

/** What the screen shows of a link at `nowMs`. @param isLocked - Nothing leaves on any link. */
export function linkStatus(
  handle: LinkHandle,
  capture: Capture,
  nowMs: number,
  isLocked: boolean,
): LinkStatus {
  const { linkId, address, phase, phaseSinceMs, problem, link, listener } = handle
  const lineRate = link?.lineRate ?? null
  const figures = capture.figures(linkId, nowMs, lineRate)
  const trouble = problem ?? (phase === 'connected' ? sessionProblem(figures.session) : null)
  return {
    linkId,
    url: address.text,
    title: handle.parentId === null ? linkTitle(address) : `${address.name ?? ''} · peer`,
    scheme: address.scheme,
    dialect: address.dialect,
    phase,
    phaseSinceMs,
    problem: trouble && toWireError(trouble),
    peerName: link?.peerName ?? '',
    baud: lineRate?.baud ?? null,
    chunkBytes: link?.chunkBytes ?? null,
    ...figures,
    peers: listener?.peers.length ?? 0,
    lines: link?.lines ?? null,
    identity: link?.identity ?? '',
    otherDevice: link?.otherDevice ?? null,
    isListenOnly: link?.isListenOnly ?? (isLocked || address.isListenOnly === true),
  }
}

/** The connection stands, but both sides do not get on. */
const sessionProblem = (session: SessionStatus | null): ConsoleError | null =>
  session === null || session.code === null ? null : new ConsoleError(session.code, session.detail)
