import { decodeDamagedBodies } from '../src/testing/damaged-bodies'
import type { SoakCounts, SoakOptions } from './job'

/** A million JSON and MessagePack bodies with damage times `scale`: each decodes to something whose values lie in each other. */
export const soakDamagedBodies = ({ seed, scale }: SoakOptions): SoakCounts => ({
  ...decodeDamagedBodies(seed, Math.ceil(1_000_000 * scale)),
})
