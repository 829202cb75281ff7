import { expect, test } from 'vitest'
import { closeInOrder } from './close-in-order'

test('every step is taken in its order, and each waits for the one before', async () => {
  const taken: string[] = []
  await closeInOrder([
    async () => {
      await Promise.resolve()
      taken.push('first')
    },
    () => void taken.push('second'),
  ])
  expect(taken).toEqual(['first', 'second'])
})

test('a step that fails keeps no other from being taken, and is told at the end', async () => {
  const taken: string[] = []
  const closing = closeInOrder([
    () => Promise.reject(new Error('the disk is full')),
    () => void taken.push('recorder'),
    () => {
      throw new Error('gone')
    },
    () => void taken.push('workspace'),
  ])
  const error = await closing.then(
    () => undefined,
    (reason: unknown) => reason as AggregateError,
  )
  expect(taken).toEqual(['recorder', 'workspace'])
  expect(error?.errors.map(String)).toEqual(['Error: the disk is full', 'Error: gone'])
})
