import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { compileFilter } from '../../shared/filter'
import {
  MAX_TRIGGER_SAVE_MINUTES,
  MAX_TRIGGERS,
  TRIGGER_MOMENTS,
  TRIGGER_RECORDINGS,
  type TriggerContent,
} from '../../shared/model/triggers'
import { TriggerFile, triggersPath } from './trigger-file'
import { formatTrigger, formatTriggers, parseTriggers } from './trigger-text'

let workspace: string
let file: TriggerFile

beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'netcore-workspace-'))
  file = new TriggerFile(triggersPath(workspace))
})
afterEach(async () => {
  file.close()
  await rm(workspace, { recursive: true })
})

const hot: TriggerContent = {
  name: 'Too hot',
  filter: 'body.temp >= 80 and msg.route == "a"',
  moment: 'settled',
  actions: {
    marker: true,
    note: 'look at the fan',
    notify: true,
    pauseView: true,
    sound: false,
    snippet: '',
    recording: 'start',
    saveMinutes: 5,
  },
  fires: 'always',
  cooldownMs: 1000,
  isEnabled: true,
}
const HOT = `[too-hot]
name = Too hot
filter = body.temp >= 80 and msg.route == "a"
when = settled
actions = marker, notify, pause
note = look at the fan
recording = start
save = 5 min
fires = always
cooldown = 1000 ms
enabled = yes
`
const text = (): Promise<string> => readFile(file.path, 'utf8')

describe('the text of a trigger', () => {
  test('is one fact a line, for people and for diff', () => {
    expect(formatTrigger({ ...hot, triggerId: 'too-hot' })).toBe(HOT)
  })

  test('is read back as it was written', () => {
    const line = (maxLength: number) =>
      fc.string({ minLength: 1, maxLength }).map((raw) => raw.replace(/\p{Cc}/gu, ' ').trim())
    const content = fc.record({
      triggerId: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/),
      name: line(60).filter((name) => name !== ''),
      filter: line(200).filter((filter) => filter !== ''),
      moment: fc.constantFrom(...TRIGGER_MOMENTS),
      actions: fc.record({
        marker: fc.boolean(),
        note: line(100),
        notify: fc.boolean(),
        pauseView: fc.boolean(),
        sound: fc.boolean(),
        recording: fc.constantFrom(...TRIGGER_RECORDINGS),
        saveMinutes: fc.integer({ min: 0, max: MAX_TRIGGER_SAVE_MINUTES }),
        snippet: fc.constantFrom('', 'cool', 'bring-up/cool down'),
      }),
      fires: fc.constantFrom('always' as const, 'once' as const),
      cooldownMs: fc.integer({ min: 50, max: 86_400_000 }),
      isEnabled: fc.boolean(),
    })
    fc.assert(
      fc.property(
        fc.uniqueArray(content, { maxLength: 4, selector: ({ triggerId }) => triggerId }),
        (triggers) => {
          const blocks = triggers.map((trigger) => ({ trigger, problem: null, raw: formatTrigger(trigger) }))
          const written = formatTriggers({ head: '', blocks })
          const read = parseTriggers(written)
          expect(read.blocks.map(({ trigger, problem }) => ({ trigger, problem }))).toEqual(
            triggers.map((trigger) => ({ trigger, problem: null })),
          )
          expect(formatTriggers(read)).toBe(written)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('in the documentation is what the program writes and reads', async () => {
    const page = await readFile(join(import.meta.dirname, '../../../docs/triggers.md'), 'utf8')
    const [, example = ''] = /```\n(.*?)```/s.exec(page) ?? []
    const texts = parseTriggers(example)
    expect(texts.blocks.map(({ trigger, problem }) => [trigger.triggerId, problem])).toEqual([
      ['too-hot', null],
      ['slow', null],
    ])
    expect(formatTriggers(texts)).toBe(example)
    expect(texts.blocks.map(({ trigger }) => compileFilter(trigger.filter).ok)).toEqual([true, true])
    expect(texts.blocks[0]?.raw.trimEnd()).toBe(formatTrigger(texts.blocks[0]!.trigger).trimEnd())
  })

  test.each([
    ['[a]\nfilter = rep\nwhen = never', 'when = never'],
    ['[a]\nfilter = rep\nactions = explode', '"explode" is no action'],
    ['[a]\nname = x', 'no filter'],
    ['[A b]\nfilter = rep', '[A b]'],
    ['[a]\nfilter = rep\ncooldown = 3 days', 'cooldown = 3 days'],
    ['[a]\nfilter = rep\ncooldown = 1 ms', '50 ms'],
    ['[a]\nfilter = rep\nrecording = split', 'recording = split'],
    ['[a]\nfilter = rep\nsave = 5 h', 'save = 5 h'],
    ['[a]\nfilter = rep\nsave = 1441 min', '1440 min'],
  ])('%j is listed with what is wrong', (raw, named) => {
    const [block] = parseTriggers(raw).blocks
    expect(block).toMatchObject({
      trigger: { isEnabled: false },
      problem: { code: 'TRIGGER_INVALID', message: expect.stringContaining(named) as string },
    })
  })
})

describe('the file of triggers', () => {
  test('is written when one is saved, readable by its owner alone', async () => {
    expect(file.read()).toEqual([])
    expect(await file.save(hot)).toEqual({ ...hot, triggerId: 'too-hot' })
    expect(await text()).toBe(`# Netcore Console triggers: see docs/triggers.md.\n\n${HOT}`)
    expect((await stat(file.path)).mode & 0o077).toBe(0)
    const second = await file.save({ ...hot, isEnabled: false })
    expect(second.triggerId).toBe('too-hot-2')
    await file.remove('too-hot')
    expect(file.read().map(({ trigger }) => trigger)).toEqual([second])
    await expect(file.remove('too-hot')).rejects.toMatchObject({ code: 'TRIGGER_UNKNOWN' })
    await expect(file.save(hot, 'gone')).rejects.toMatchObject({ code: 'TRIGGER_UNKNOWN' })
  })

  test('keeps what people wrote beside the trigger that changes, what makes no sense too', async () => {
    const mine = `# mine\n\n# the fan again\n${HOT}\n[broken]\nwhat?\n\n[broken]\nfilter = rep\nfoo = 1\n`
    await writeFile(file.path, mine)
    await file.save({ ...hot, isEnabled: false }, 'too-hot')
    expect(await text()).toBe(mine.replace('enabled = yes', 'enabled = no'))
    const ids = file.read().map(({ trigger }) => trigger.triggerId)
    expect(ids).toEqual(['too-hot', 'broken', 'broken?2'])
    await file.save(hot, 'broken?2')
    expect(file.read().map(({ trigger, problem }) => [trigger.triggerId, problem?.code])).toEqual([
      ['too-hot', undefined],
      ['broken', 'TRIGGER_INVALID'],
      ['too-hot-2', undefined],
    ])
  })

  test(`holds ${MAX_TRIGGERS} triggers, and refuses what cannot be kept`, async () => {
    await expect(file.save({ ...hot, filter: 'a\nb' })).rejects.toMatchObject({ code: 'TRIGGER_INVALID' })
    await expect(file.save({ ...hot, name: ' ' })).rejects.toMatchObject({ code: 'TRIGGER_INVALID' })
    const all = Array.from({ length: MAX_TRIGGERS }, (_, at) => `[t${at}]\nfilter = rep\n`)
    await writeFile(file.path, all.join('\n'))
    await expect(file.save(hot)).rejects.toMatchObject({ code: 'TRIGGERS_TOO_MANY' })
    await file.save(hot, 't5')
    await rm(file.path)
    const blocked = new TriggerFile(join(workspace, 'file', 'triggers.txt'))
    await writeFile(join(workspace, 'file'), 'where the folder should be')
    await expect(blocked.save(hot)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  })

  test('tells of changes from outside', async () => {
    const heard = new Promise<void>((resolve) => file.watch(resolve))
    await writeFile(file.path, HOT)
    await heard
    expect(file.read()).toHaveLength(1)
  })
})
