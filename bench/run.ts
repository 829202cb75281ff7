import { writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { type LineResult, measureLine } from './line'
import { measureBulk, measureIdle, measureUnderBulk } from './pair'
import { peers } from './peers'
import type { BulkResult, LatencyResult } from './process'
import { type PeerFigures, renderResults } from './results'
import { spread } from './statistics'

/** npm run bench [-- --rounds N] [--quick]: alternating rounds, fresh process pairs, results in bench/results.md. */
const { values } = parseArgs({
  options: { rounds: { type: 'string' }, quick: { type: 'boolean', default: false } },
})
const rounds = Number(values.rounds ?? 5)
const bulkBytes = (values.quick ? 16 : 64) * 1024 * 1024

const bulk = new Map<string, BulkResult[]>()
const idle = new Map<string, LatencyResult[]>()
const loaded = new Map<string, LatencyResult[]>()
const keep = <T>(into: Map<string, T[]>, name: string, result: T): void => {
  into.set(name, [...(into.get(name) ?? []), result])
}

for (let round = 0; round < rounds; round++) {
  for (const { name } of peers) {
    process.stdout.write(`round ${round + 1}/${rounds} ${name} ...`)
    keep(bulk, name, await measureBulk(name, bulkBytes))
    keep(idle, name, await measureIdle(name))
    keep(loaded, name, await measureUnderBulk(name))
    process.stdout.write(` ${bulk.get(name)!.at(-1)!.megabytesPerSecond.toFixed(0)} MB/s\n`)
  }
}
console.log('simulated line, virtual time ...')
const lines: LineResult[] = []
for (const baud of [115_200, 921_600]) lines.push(await measureLine(baud))

const figures: PeerFigures[] = peers.map(({ name }) => ({
  name,
  bulk: bulk.get(name)!,
  idle: idle.get(name)!,
  loaded: loaded.get(name)!,
}))
const raw = spread(bulk.get('raw-64k')!.map((result) => result.megabytesPerSecond))
const text = renderResults(figures, lines, {
  rounds,
  bulkMiB: bulkBytes / 1024 / 1024,
  isNoisy: raw.max / raw.min > 1.5,
  machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${release()}, Node ${process.version}`,
  dateIso: new Date().toISOString().slice(0, 10),
})
console.log(text)
if (!values.quick) writeFileSync('bench/results.md', text)
