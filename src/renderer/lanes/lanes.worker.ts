import { FrameGate } from './frame-gate'
import { LanesEngine } from './lanes-engine'
import { Surface } from './surface'
import type { FromWorker, ToWorker } from './worker-protocol'

/** The few things of a worker's global scope used here; the page's types know them as a window's. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null
  postMessage(message: FromWorker): void
  requestAnimationFrame(run: (timeMs: number) => void): number
  cancelAnimationFrame(id: number): void
}

const scope = self as unknown as WorkerScope

const gate = new FrameGate((draw) => {
  const id = scope.requestAnimationFrame(draw)
  return () => scope.cancelAnimationFrame(id)
})
const engine = new LanesEngine({
  nowMs: () => performance.now(),
  requestFrame: gate.request,
  later: (delayMs, run) => {
    const id = setTimeout(run, delayMs)
    return () => clearTimeout(id)
  },
  post: (message) => scope.postMessage(message),
})

scope.onmessage = ({ data }) => {
  if (data.type === 'shown') {
    gate.show(data.isShown)
    return
  }
  if (data.type !== 'start') {
    engine.handle(data)
    return
  }
  const context = data.canvas.getContext('2d', { alpha: false })
  if (context !== null) engine.attach(new Surface(data.canvas, context))
}
