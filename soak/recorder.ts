import { killRecorders } from '../interop/recorder-kills'
import type { SoakCounts, SoakOptions } from './job'

/** 200 recorders times `scale`, each killed at a random moment. */
export async function soakRecorderKills({ seed, scale }: SoakOptions): Promise<SoakCounts> {
  const counts = await killRecorders(Math.max(6, Math.round(200 * scale)), seed, 4)
  const isWrong = counts.lost + counts.disordered + counts.unreadableFiles > 0
  if (isWrong || counts.acknowledged === 0) throw new Error(JSON.stringify(counts))
  return { ...counts }
}
