import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { ConsoleError } from '../../../shared/errors'
import {
  isUnfinished,
  RECORDING_EXTENSION,
  recordingNameProblem,
  recordingStem,
  UNFINISHED_EXTENSION,
} from '../../../shared/model/recording-name'
import { foldedName } from '../../../shared/workspace/entry-name'
import { type Move, moveTogether } from './move-files'
import { baseStem, type LibraryItem } from './library-item'
import type { RecordingFolder } from './recording-folder'

/** The files of a recording with what stands beside them, each with the name it has within a folder. */
export function filesOf(folder: RecordingFolder, item: LibraryItem): { name: string; path: string }[] {
  return item.files.flatMap(({ file: { name, path } }) => {
    const beside = folder.sidecarPlaceOf(name)
    const own = { name, path }
    return isFile(beside) ? [own, { name: `${recordingStem(name)}.yaml`, path: beside }] : [own]
  })
}

/**
 * Gives a recording another name: all its parts, and what stands beside them.
 *
 * @param stem - The new name, with or without `.mcap`.
 * @returns The name of its first file.
 * @throws ConsoleError `RECORDING_NAME_INVALID`, `RECORDING_NAME_TAKEN`, `RECORDING_WRITING`, `FILE_UNWRITABLE`.
 */
export async function renameRecording(
  folder: RecordingFolder,
  item: LibraryItem,
  stem: string,
): Promise<string> {
  expectQuiet(item)
  const next = stem.endsWith(RECORDING_EXTENSION) ? stem.slice(0, -RECORDING_EXTENSION.length) : stem
  const named = item.files.map(({ file, facts }) => {
    const part = facts?.part ?? 1
    const isSuffixed = baseStem(file.name, part) !== recordingStem(file.name)
    const nextStem = isSuffixed ? `${next}-${part}` : next
    const ending = isUnfinished(file.name) ? UNFINISHED_EXTENSION : RECORDING_EXTENSION
    return { from: file.name, to: nextStem + ending }
  })
  for (const { to } of named) {
    const problem = recordingNameProblem(to)
    if (problem !== null) throw new ConsoleError('RECORDING_NAME_INVALID', problem, { recording: to })
  }
  const own = new Set(item.files.map(({ file }) => foldedName(recordingStem(file.name))))
  const moves: Move[] = named.flatMap(({ from, to }) => {
    const target = recordingStem(to)
    if (!own.has(foldedName(target)) && folder.isTaken(target)) {
      throw new ConsoleError('RECORDING_NAME_TAKEN', `there is a recording "${target}"`, { recording: to })
    }
    const beside = folder.sidecarPlaceOf(from)
    const file = { from: folder.pathOf(from), to: join(folder.dir, to) }
    return isFile(beside) ? [file, { from: beside, to: join(folder.dir, `${target}.yaml`) }] : [file]
  })
  await moveTogether(moves.filter(({ from, to }) => from !== to))
  return named[0]!.to
}

/** @throws ConsoleError `RECORDING_WRITING`. */
export function expectQuiet(item: LibraryItem): void {
  if (item.row.state !== 'writing') return
  throw new ConsoleError('RECORDING_WRITING', `${item.row.recording} is being written`, {
    recording: item.row.recording,
  })
}

function isFile(path: string): boolean {
  try {
    return lstatSync(path).isFile()
  } catch {
    return false
  }
}
