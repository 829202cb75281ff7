import { EventEmitter } from 'node:events'
import type { BrowserWindow, MessageBoxOptions } from 'electron'
import { describe, expect, test } from 'vitest'
import { settlePromises } from '../../../testing/virtual-clock'
import { watchPage } from './page-health'

function watch(choice: number) {
  const done: string[] = []
  const contents = Object.assign(new EventEmitter(), {
    reload: () => done.push('reload'),
    forcefullyCrashRenderer: () => {
      done.push('crash')
      contents.emit('render-process-gone', {}, { reason: 'killed' })
    },
  })
  const window = Object.assign(new EventEmitter(), { webContents: contents })
  const dialog = {
    showMessageBox: (_: unknown, { message }: MessageBoxOptions) => {
      done.push(message)
      return Promise.resolve({ response: choice, checkboxChecked: false })
    },
  }
  watchPage(window as unknown as BrowserWindow, dialog as Parameters<typeof watchPage>[1], () =>
    done.push('quit'),
  )
  return { window, contents, done }
}

describe('page health', () => {
  test.each([
    [0, ['The screen stopped (crashed).', 'reload']],
    [1, ['The screen stopped (crashed).', 'quit']],
  ])('a dead page is told; choice %i is followed', async (choice, wanted) => {
    const { contents, done } = watch(choice)
    contents.emit('render-process-gone', {}, { reason: 'crashed' })
    await settlePromises()
    expect(done).toEqual(wanted)
  })

  test('a page that ended on purpose is no news', async () => {
    const { contents, done } = watch(0)
    contents.emit('render-process-gone', {}, { reason: 'clean-exit' })
    await settlePromises()
    expect(done).toEqual([])
  })

  test.each([
    [0, ['The screen does not answer.']],
    [1, ['The screen does not answer.', 'crash', 'reload']],
  ])('a page that hangs is told once; choice %i is followed', async (choice, wanted) => {
    const { window, done } = watch(choice)
    window.emit('unresponsive')
    window.emit('unresponsive')
    await settlePromises()
    expect(done).toEqual(wanted)
  })
})
