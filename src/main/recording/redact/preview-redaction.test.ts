import { beforeAll, describe, expect, test } from 'vitest'
import { simulatedRecording } from '../../../testing/simulated-recording'
import { memorySource } from '../read/byte-source'
import { noDecompression } from '../read/plain-block'
import { previewRedaction } from './preview-redaction'
import { parseRedaction } from './redaction-rules'

let recording: Uint8Array
beforeAll(async () => {
  recording = await simulatedRecording({
    requests: ['{"a":1,"b":2}', '{"a":3,"b":4}', '{"a":5,"key":"hunter2"}'],
  })
})

const preview = (yaml: string, isEnough = (): boolean => false, signal = new AbortController().signal) =>
  previewRedaction({
    source: memorySource(recording),
    decompress: noDecompression,
    rules: parseRedaction(yaml, 'rules'),
    isEnough,
    signal,
  })

describe('a preview of a redaction', () => {
  test('counts the messages of which a rule masks something, and tells no pattern', async () => {
    const { rules, messages, isWhole } = await preview(
      'rules: [{ route: add, body: [a] }, { route: add, body: [key] }, { pattern: hunter2 }, { route: none, body: all }]',
    )
    expect(rules).toEqual([
      { words: 'add | body: a', messages: 3 },
      { words: 'add | body: key', messages: 1 },
      { words: '* | bodies with a pattern', messages: 1 },
      { words: 'none | body: all', messages: 0 },
    ])
    expect(messages).toBeGreaterThan(6)
    expect(isWhole).toBe(true)
  })

  test('says when it has not looked at all of it, and stops when nobody waits any more', async () => {
    const stopped = await preview('rules: [{ body: all }]', () => true)
    expect(stopped).toMatchObject({ isWhole: false, messages: 0 })
    const signal = AbortSignal.abort()
    await expect(preview('rules: [{ body: all }]', undefined, signal)).rejects.toMatchObject({
      code: 'EXPORT_CANCELLED',
    })
  })
})
