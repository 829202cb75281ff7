import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { callFromPage } from './raw-call'
import { Screen } from './screen'

test.use({ links: ['sim:demo'] })
test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

interface Snippets {
  readonly list: Locator
  readonly editor: Locator
  readonly text: Locator
  readonly run: Locator
  readonly steps: Locator
}

async function openSnippets(app: Page): Promise<Snippets> {
  await new Screen(app).expectConnected()
  await app.keyboard.press('Control+4')
  await app.getByRole('tab', { name: 'Snippets' }).click()
  const list = app.getByRole('region', { name: 'Snippets of this workspace' })
  const editor = app.locator('[data-pane="snippet-edit"]')
  const run = app.getByRole('region', { name: 'Run', exact: true })
  await expect(list).toBeVisible()
  return {
    list,
    editor,
    text: editor.getByRole('textbox'),
    run,
    steps: run.getByRole('table', { name: 'Steps' }),
  }
}

async function create({ list }: Snippets, app: Page, name: string): Promise<void> {
  await list.getByRole('button', { name: 'New snippet' }).click()
  await app.keyboard.type(name)
  await app.keyboard.press('Enter')
}

const states = (steps: Locator): Promise<(string | null)[]> =>
  steps
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset['state'] ?? null))

test('a snippet is written, runs with waits and expectations, and leads to its messages', async ({
  app,
  host,
  workspaceDir,
  shot,
}) => {
  const page = await openSnippets(app)
  const { list, editor, text, run, steps } = page
  await expect(editor).toContainText('No snippets yet')
  await shot('snippets-empty')
  await create(page, app, 'bring-up/add')
  await expect(editor.getByRole('heading')).toHaveText('bring-up/add')
  await expect(text).toBeFocused()

  // a mistake is told at its place, and nothing runs
  await text.fill('title: Twice\nsteps:\n  - sned: echo\n')
  await expect(editor.getByRole('status')).toContainText('Line 3, column 5: steps[1]: this is no step')
  await expect(run.getByRole('button', { name: /^Run/ })).toBeDisabled()
  await shot('snippets-mistake')

  await text.fill(`title: Twice
timeout: 20s
steps:
  - send: {route: add, body: {json: {a: 2, b: 3}}}
  - expect: body.sum == 5
    within: 2s
  - set: {sum: reply.body.sum}
  - wait: 20ms
  - repeat: 3
    steps:
      - send: {route: echo, body: {text: "{{sum}}"}}
      - stop if: text == "5"
  - send: {route: echo, body: {text: "after {{sum}}"}}
`)
  await text.press('Control+Enter')
  await expect(run).toContainText('Passed')
  expect(await states(steps)).toEqual(Array(8).fill('passed'))
  await expect(run).toContainText('sum')
  const file = readFileSync(join(workspaceDir, 'snippets', 'bring-up', 'add.yaml'), 'utf8')
  expect(file).toContain('- expect: body.sum == 5') // running saves first
  await expect(list.getByRole('button', { name: /bring-up\/add/ })).toHaveAccessibleName(/Passed/)
  await shot('snippets-passed')

  // what went over the wire is what the steps say
  const { rows } = await callFromPage(host, 'messages.rows', { from: 0, count: 500 })
  expect(rows.filter(({ dir }) => dir === 'out').map(({ route, preview }) => [route, preview])).toEqual([
    ['add', '{"a":2,"b":3}'],
    ['echo', '5'],
    ['echo', 'after 5'],
  ])
  const answer = rows.find(({ kind, route }) => kind === 'response' && route === 'add')
  await steps
    .getByRole('button', { name: `Show message #${answer?.id}` })
    .first()
    .click()
  await expect(new Screen(app).inspector).toContainText(`#${answer?.id}`)
})

test('an expectation that is not met says so in words, and a run can be stopped', async ({ app, shot }) => {
  const page = await openSnippets(app)
  const { text, run, steps, editor } = page
  await create(page, app, 'never')
  await expect(text).toBeFocused()
  await text.fill(
    'steps:\n  - send: {route: add, body: {json: {a: 1, b: 1}}}\n  - expect: body.sum == 3\n    within: 100ms\n  - wait: 1s\n',
  )
  await text.press('Control+Enter')
  await expect(run).toContainText('Failed')
  await expect(run).toContainText('EXPECTATION_TIMEOUT')
  await expect(run).toContainText(
    /step 2 \(line 3\): nothing matched "body\.sum == 3" within 100ms: the answer was #\d+ add {"sum":2}/,
  )
  expect(await states(steps)).toEqual(['passed', 'failed', 'waiting'])
  await shot('snippets-failed')

  await text.fill('steps:\n  - wait: 1h\n')
  await text.press('Control+Enter')
  const stop = run.getByRole('button', { name: 'Stop', exact: true })
  await expect(stop).toBeVisible()
  expect(await states(steps)).toEqual(['running'])
  await app.keyboard.press('Control+.')
  await expect(stop).toBeHidden()
  await expect(run).toContainText('Stopped')
  await expect(run.getByRole('heading', { name: 'Last runs' })).toBeVisible()
  await expect(run.locator('.snippet-history li')).toHaveCount(2)
  await expect(editor.getByRole('status')).toContainText('1 step')
})

test('an exchange is kept as a snippet that holds, and a change from outside loses nothing', async ({
  app,
  host,
  shot,
}) => {
  const screen = new Screen(app)
  await screen.expectConnected()
  await callFromPage(host, 'message.send', {
    linkId: 1,
    route: 'add',
    kind: 'request',
    body: new TextEncoder().encode('{"a":20,"b":22}'),
    headers: {},
    priority: 3,
    timeoutMs: 5000,
  })
  await screen.list.getByText('{"sum":42}').click()
  await app.keyboard.press('Control+k')
  await app.keyboard.type('save exchange')
  await app.keyboard.press('Enter')
  await app.getByRole('button', { name: 'Open it' }).click()
  const editor = app.locator('[data-pane="snippet-edit"]')
  await expect(editor).toContainText('body.sum == 42')
  const run = app.getByRole('region', { name: 'Run', exact: true })
  await run.getByRole('button', { name: /^Run/ }).click()
  await expect(run).toContainText('Passed')

  // somebody else saves while something is written here
  const text = editor.getByRole('textbox')
  await text.press('Control+End')
  await text.pressSequentially('# mine')
  const { file } = await callFromPage(host, 'workspace.read', { kind: 'snippets', name: 'add' })
  await callFromPage(host, 'workspace.save', {
    kind: 'snippets',
    name: 'add',
    text: `${file.text}# theirs\n`,
    revision: file.revision,
  })
  await expect(editor.getByRole('alert')).toContainText('changed elsewhere')
  await shot('snippets-conflict')
  await expect(text).toContainText('# mine')
  await editor.getByRole('button', { name: 'Keep this one' }).click()
  await text.press('Control+s')
  await expect(editor.getByRole('button', { name: /^Save/ })).toBeDisabled()
  const kept = await callFromPage(host, 'workspace.read', { kind: 'snippets', name: 'add' })
  expect(kept.file.text).toContain('# mine')
})
