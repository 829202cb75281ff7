import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { RecordingTrace } from '../src/main/recording/read/recording-trace'
import { FileSource } from '../src/main/recording/read/byte-source'
import { noDecompression } from '../src/main/recording/read/plain-block'
import { OUT_DIR } from './paths'

const run = promisify(execFile)

/** Names in the folder of recordings of a workspace. */
export function recordingsIn(workspaceDir: string): string[] {
  const folder = join(workspaceDir, 'recordings')
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /\.mcap/.test(name))
        .sort()
    : []
}

export const recordingPath = (workspaceDir: string, name: string): string =>
  join(workspaceDir, 'recordings', name)

export interface Verified {
  readonly entries: number
  readonly whole: boolean
  readonly damaged: number
}

/** What the built `netcore verify` says; fails when it finds damage. */
export async function verifyFile(path: string): Promise<Verified> {
  const { stdout } = await run(process.execPath, [`${OUT_DIR}/cli/netcore.js`, 'verify', path, '--jsonl'])
  return JSON.parse(stdout.trim()) as Verified
}

/** Every entry of a file in a line: its topic's number, and what the trace says. */
export async function readTrace(path: string): Promise<{
  readonly facts: ReadonlyMap<string, string>
  readonly types: readonly string[]
  readonly firstInOffset: number | null
  readonly bytesIn: number
  readonly others: readonly { readonly channelId: number; readonly text: string }[]
}> {
  const source = await FileSource.open(path)
  try {
    const trace = new RecordingTrace(source, noDecompression)
    const types: string[] = []
    const others: { channelId: number; text: string }[] = []
    let firstInOffset: number | null = null
    let bytesIn = 0
    for await (const { entry, event } of trace.entries()) {
      if (event === undefined)
        others.push({ channelId: entry.channelId, text: new TextDecoder().decode(entry.data) })
      else types.push(event.type === 'link-state' ? `link-state ${event.phase}` : event.type)
      if (event?.type !== 'bytes' || event.dir !== 'in') continue
      firstInOffset ??= event.streamOffset
      bytesIn += event.byteCount
    }
    return { facts: trace.facts, types, firstInOffset, bytesIn, others }
  } finally {
    await source.close()
  }
}
