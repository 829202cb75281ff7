import { expect, test } from 'vitest'
import { messageColumns } from './message-columns'

const ROWS = 64

test('a message takes 164 bytes in columns of numbers and a place in six columns of texts', () => {
  const columns = Object.values(messageColumns(ROWS)) as readonly (ArrayBufferView | readonly unknown[])[]
  const numbers = columns.filter((column) => ArrayBuffer.isView(column))
  const bytes = numbers.reduce((sum, column) => sum + column.byteLength, 0)
  expect(bytes / ROWS).toBe(164)
  expect(columns.length - numbers.length).toBe(6)
})
