import { bulkRate, checkPeer, idleLatency, loadedLatency, requestRate } from '../pair'
import { REQUEST_EVERY_MS } from '../measure/latency'
import { type Library, measureLibrary } from './library-pair'

export interface RowLatency {
  readonly p50Ms: number
  readonly p99Ms: number
}

/** One line of the section: a protocol as one implementation speaks it, at both ends. */
export interface LibraryRow {
  readonly name: string
  readonly about: string
  /** Why it can not run here. */
  readonly missing?: string
  /** Does it deliver what was sent? Apart from all measured time. @throws Error when it does not. */
  check(): Promise<void>
  /** Megabytes per second of one message. */
  transfer(bytes: number): Promise<number>
  rate(forMs: number): Promise<{ readonly sequentialPerSecond: number; readonly concurrentPerSecond: number }>
  /** `bulkBytes`: transfers of that size go on beside the requests; null: none. */
  latency(requests: number, bulkBytes: number | null): Promise<RowLatency>
}

const oursRow = (name: string, about: string): LibraryRow => ({
  name,
  about,
  check: () => checkPeer(name),
  transfer: (bytes) => bulkRate(name, bytes),
  rate: async (forMs) => (await requestRate(name, forMs)).warm,
  latency: (requests, bulkBytes) =>
    bulkBytes === null ? idleLatency(name, requests) : loadedLatency(name, requests, bulkBytes),
})

const libraryRow = (
  name: string,
  about: string,
  library: Library | undefined,
  missing: string | undefined,
): LibraryRow => {
  const there = (): Library => {
    if (library !== undefined) return library
    throw new Error(missing ?? 'it is not set up')
  }
  return {
    name,
    about,
    ...(library === undefined && { missing: missing ?? 'it is not set up: run it with "npm run bench"' }),
    check: () => Promise.resolve(), // it checks each answer itself, as ours does
    transfer: async (bytes) => (await measureLibrary(there(), 'bulk', { bytes })).megabytesPerSecond,
    rate: (forMs) => measureLibrary(there(), 'rate', { forMs }),
    latency: (requests, bulkBytes) =>
      measureLibrary(there(), 'latency', {
        requests,
        everyMs: REQUEST_EVERY_MS,
        isUnderBulk: bulkBytes !== null,
        bytes: bulkBytes ?? 0,
      }),
  }
}

/** What there is to measure, by protocol. @param env - As `scripts/bench.mjs` sets it up. */
export function libraryRows(env: NodeJS.ProcessEnv): readonly LibraryRow[] {
  const [python, java] = [env['PYTHON_PEER'], env['SOCKETD_JAVA']]
  const script = 'interop/python/netconduit_peer.py'
  const inJava = (scheme: 'tcp' | 'ws'): Library | undefined =>
    java === undefined
      ? undefined
      : {
          program: 'java',
          serve: ['-cp', java, 'Peer', 'serve', scheme, '--quiet'],
          connect: (port) => ['-cp', java, 'Peer', 'client', `sd:${scheme}://127.0.0.1:${port}/`, '--quiet'],
        }
  return [
    oursRow('netconduit', 'our stack, `dialect=netconduit`'),
    libraryRow(
      'netconduit-python',
      'netconduit 5.0.0 of PyPI',
      python === undefined
        ? undefined
        : {
            program: python,
            serve: [script, 'serve'],
            connect: (port) => [script, 'client', '--port', String(port)],
          },
      env['PYTHON_PEER_MISSING'],
    ),
    oursRow('socketd', 'our stack, `dialect=socketd`, over TCP'),
    libraryRow(
      'socketd-java',
      'Socket.D 2.5.20 of Maven Central over TCP, its buffers raised from 8 KiB to 1 MiB',
      inJava('tcp'),
      env['SOCKETD_JAVA_MISSING'],
    ),
    oursRow('socketd-ws', 'our stack, `dialect=socketd`, over WebSocket'),
    libraryRow(
      'socketd-java-ws',
      'the same Java library over WebSocket',
      inJava('ws'),
      env['SOCKETD_JAVA_MISSING'],
    ),
  ]
}
