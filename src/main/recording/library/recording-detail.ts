import { MAX_MOMENTS, type RecordingDetail } from '../../../shared/model/library'
import type { LibraryItem } from './library-item'

/** All that is known of a recording, its parts taken together. */
export function recordingDetail({ row, files, remarks, remarksProblem }: LibraryItem): RecordingDetail {
  const known = files.flatMap(({ facts }) => facts ?? [])
  const startMs = known[0]?.fromMs ?? 0
  const hidden = new Set(remarks.hiddenNotes)
  const recorded = known
    .flatMap((facts) => facts.moments)
    .filter(({ noteId }) => noteId === undefined || !hidden.has(noteId))
  const moments = [...recorded, ...remarks.marks]
    .map(({ kind, atMs, text }) => ({ kind, atMs, text }))
    .map((moment) => ({ ...moment, fromStartMs: Math.max(0, moment.atMs - startMs) }))
    .toSorted((left, right) => left.atMs - right.atMs)
    .slice(0, MAX_MOMENTS)
  const sum = (of: (facts: (typeof known)[number]) => number): number =>
    known.reduce((total, facts) => total + of(facts), 0)
  return {
    row,
    note: remarks.note,
    routes: [...new Set(known.flatMap(({ routes }) => routes))].toSorted(),
    inBytes: sum(({ inBytes }) => inBytes),
    outBytes: sum(({ outBytes }) => outBytes),
    damaged: sum(({ damaged }) => damaged),
    missing: sum(({ missing }) => missing),
    moments,
    moreMoments: Math.max(0, sum(({ momentCount }) => momentCount) + remarks.marks.length - moments.length),
    parts: files.map(({ file, facts, state }) => ({
      recording: file.name,
      part: facts?.part ?? 1,
      state,
      startedAtMs: facts?.startedAtMs ?? null,
      fromMs: facts?.fromMs ?? 0,
      lengthMs: facts?.lengthMs ?? 0,
      fileBytes: file.fileBytes,
    })),
    facts: known[0]?.session ?? {},
    problem: remarksProblem,
  }
}
