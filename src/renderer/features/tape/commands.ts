import type { Command } from '../../commands/command'
import type { TapeStep } from '../../../shared/model/tape'
import { useApp } from '../../store/app-store'
import type { Session } from '../../store/session'
import { selectIsReplay } from '../../store/tape-slice'
import { changeSpeed, goToMark, setLoopPlace, toggleLoop } from './tape-moves'
import { tapeTexts } from './texts'

const t = tapeTexts.commands

/** What can be done with a recording that is looked at. */
export function tapeCommands(session: Session): readonly Command[] {
  const isEnabled = (): boolean => selectIsReplay(useApp.getState())
  const shared = { group: t.group, isEnabled }
  const step = (by: TapeStep, direction: 1 | -1) => (): void => session.tape?.step(by, direction)
  const to = (end: 'fromMs' | 'toMs') => (): void => {
    const { tape } = useApp.getState()
    if (tape !== null) session.tape?.seek(tape[end])
  }
  return [
    { ...shared, id: 'tape.play', title: t.play, keys: ['K'], run: () => session.tape?.toggle() },
    { ...shared, id: 'tape.forward', title: t.forward, keys: ['L'], run: step('message', 1) },
    { ...shared, id: 'tape.back', title: t.back, keys: ['J'], run: step('message', -1) },
    { ...shared, id: 'tape.chunk-forward', title: t.chunkForward, keys: ['Shift+L'], run: step('chunk', 1) },
    { ...shared, id: 'tape.chunk-back', title: t.chunkBack, keys: ['Shift+J'], run: step('chunk', -1) },
    { ...shared, id: 'tape.frame-forward', title: t.frameForward, keys: [], run: step('frame', 1) },
    { ...shared, id: 'tape.frame-back', title: t.frameBack, keys: [], run: step('frame', -1) },
    { ...shared, id: 'tape.start', title: t.start, keys: [], run: to('fromMs') },
    { ...shared, id: 'tape.end', title: t.end, keys: [], run: to('toMs') },
    {
      ...shared,
      id: 'tape.loop-from',
      title: t.loopFrom,
      keys: ['Alt+A'],
      run: () => setLoopPlace(session, 'fromMs'),
    },
    {
      ...shared,
      id: 'tape.loop-to',
      title: t.loopTo,
      keys: ['Alt+B'],
      run: () => setLoopPlace(session, 'toMs'),
    },
    { ...shared, id: 'tape.loop', title: t.loop, keys: ['Alt+R'], run: () => toggleLoop(session) },
    {
      ...shared,
      id: 'tape.faster',
      title: t.faster,
      keys: ['Alt+ArrowUp'],
      run: () => changeSpeed(session, 1),
    },
    {
      ...shared,
      id: 'tape.slower',
      title: t.slower,
      keys: ['Alt+ArrowDown'],
      run: () => changeSpeed(session, -1),
    },
    { ...shared, id: 'tape.next-mark', title: t.nextMark, keys: ['N'], run: () => goToMark(session, 1) },
    {
      ...shared,
      id: 'tape.previous-mark',
      title: t.previousMark,
      keys: ['Shift+N'],
      run: () => goToMark(session, -1),
    },
    {
      ...shared,
      id: 'tape.live',
      title: t.live,
      keys: ['Alt+0'],
      isOverCard: true,
      run: () => session.look(0),
    },
    { ...shared, id: 'tape.close', title: t.close, keys: [], run: () => session.closeTape() },
  ]
}
