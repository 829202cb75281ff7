import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { TraceEvent } from '../../shared/model/trace'
import { connect, listen } from './connect'

test('after a wrong password nobody may try for a second, and no event of the trace but raw bytes has a secret', async () => {
  const trace: TraceEvent[] = []
  const onTrace = (event: TraceEvent): void => void trace.push(event)
  const server = await listen('tcp-listen://127.0.0.1:0?dialect=netconduit&password=hunter2', { onTrace })
  const tryWith = (password: string): Promise<string> =>
    connect(`${server.peerUrl}&password=${password}`, { onTrace }).then(
      async (link) => {
        await link.close()
        return 'in'
      },
      (error: unknown) => (error as { code: string }).code,
    )
  try {
    expect(await tryWith('hunter2')).toBe('in')
    expect(await tryWith('other')).toBe('AUTH_FAILED')
    const refusedAtMs = performance.now()
    expect(await tryWith('hunter2')).toBe('AUTH_FAILED')
    await expect.poll(() => tryWith('hunter2'), { timeout: 4000, interval: 100 }).toBe('in')
    expect(performance.now() - refusedAtMs).toBeGreaterThan(900)
  } finally {
    await server.close()
  }
  const told = JSON.stringify(trace.filter(({ type }) => type !== 'bytes'))
  expect(told).not.toContain('hunter2')
  expect(told).not.toContain(createHash('sha256').update('hunter2').digest('hex'))
  expect(told).not.toMatch(/[0-9a-f]{128}/)
})
