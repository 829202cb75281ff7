import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EMPTY_DRAFT } from '../src/shared/workspace/message-file'
import { expect, test } from './fixtures'
import { callFromPage } from './raw-call'
import { Screen } from './screen'

test.use({ links: ['sim:demo?baud=921600&name=bench'] })

test('the workspace is the truth: choices go there, come from there, and a mistake harms nothing else', async ({
  app,
  workspaceDir,
}) => {
  const file = join(workspaceDir, 'settings', 'screen.yaml')
  const theme = () => app.evaluate(() => document.documentElement.dataset['theme'])
  const text = (): string => readFileSync(file, { encoding: 'utf8', flag: 'a+' })
  const screen = new Screen(app)
  await screen.expectConnected()
  mkdirSync(join(workspaceDir, 'settings'), { recursive: true })
  writeFileSync(file, '# ours\ntheme: light # in the sun\n')
  await expect.poll(theme).toBe('light')
  await screen.chooseTheme('dark')
  await expect.poll(text).toContain('# ours\ntheme: dark # in the sun\n')

  await app.evaluate(() => localStorage.clear()) // another computer
  await app.reload()
  await screen.expectConnected()
  expect(await theme()).toBe('dark')

  const broken = `${text()}theme: light\n`
  writeFileSync(file, broken)
  await screen.chooseTheme('light')
  await expect.poll(theme).toBe('light')
  await app.keyboard.press('Control+7')
  await expect(app.getByText(/settings\/screen\.yaml/).first()).toBeVisible()
  expect(text()).toBe(broken)
})

test('a message of the workspace goes out with the variables of its environment, and its conflict is told', async ({
  app,
  host,
  workspaceDir,
}) => {
  const screen = new Screen(app)
  await screen.expectConnected()
  mkdirSync(join(workspaceDir, 'environments'), { recursive: true })
  writeFileSync(join(workspaceDir, 'environments', 'rig.yaml'), 'variables: {where: echo, mtu: 512}\n')
  const draft = {
    ...EMPTY_DRAFT,
    route: '{{where}}',
    body: { format: 'json', text: '{"mtu": {{mtu}}}' },
  } as const
  const request = { draft, environment: 'rig', link: 'bench' } as const
  expect(await callFromPage(host, 'draft.check', request)).toMatchObject({
    problems: [],
    bytes: 12,
    chunks: 1,
  })
  const { messageId } = await callFromPage(host, 'draft.send', { ...request, name: '' })
  await screen.expectRow({ route: 'echo', status: 'ok' })
  const { bytes } = await callFromPage(host, 'message.body', { messageId, offset: 0, count: 100 })
  expect(new TextDecoder().decode(bytes)).toBe('{"mtu": 512}')

  const name = 'cfg/put'
  const save = (text: string, revision: string | null) =>
    callFromPage(host, 'workspace.save', { kind: 'messages', name, text, revision })
  const { file } = await save('route: echo\n', null)
  writeFileSync(join(workspaceDir, 'messages', 'cfg', 'put.yaml'), 'route: add # by hand\n')
  await expect(save('route: slow\n', file.revision)).rejects.toThrow(/WORKSPACE_CONFLICT|meanwhile/)
  const { entries } = await callFromPage(host, 'workspace.list', { kind: 'messages' })
  expect(entries).toMatchObject([{ name, summary: 'add', problem: null }])
})
