import { type ConsoleError, toWireError } from '../../shared/errors'
import type { LinkStatus } from '../../shared/model/views'
import type { Capture } from '../capture/capture'
import type { LinkHandle } from '../link/links'
import { linkTitle } from './link-title'

/** What the screen shows of a link at `nowMs`. */
export function linkStatus(handle: LinkHandle, capture: Capture, nowMs: number): LinkStatus {
  const { linkId, address, phase, phaseSinceMs, problem, link, listener } = handle
  const lineRate = link?.lineRate ?? null
  return {
    linkId,
    url: address.text,
    title: handle.parentId === null ? linkTitle(address) : `${address.name ?? ''} · peer`,
    scheme: address.scheme,
    dialect: address.dialect,
    phase,
    phaseSinceMs,
    problem: problem && describe(problem),
    peerName: link?.peerName ?? '',
    baud: lineRate?.baud ?? null,
    chunkBytes: link?.chunkBytes ?? null,
    ...capture.figures(linkId, nowMs, lineRate),
    peers: listener?.peers.length ?? 0,
  }
}

const describe = (problem: ConsoleError): LinkStatus['problem'] => toWireError(problem)
