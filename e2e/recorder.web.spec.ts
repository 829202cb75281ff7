import { expect, test } from './fixtures'
import { callFromPage } from './raw-call'
import { readTrace, recordingPath, recordingsIn, verifyFile } from './recording-files'
import { startWeb } from './hosts/web'
import { Screen } from './screen'

test('a host that is killed leaves a part, which the next one finishes and tells of', async ({
  browser,
  workspaceDir,
}) => {
  const killed = await startWeb(browser, { workspaceDir, links: ['sim:demo'] })
  await new Screen(killed.page).expectRow({ route: 'telemetry.imu' })
  const { recording } = await callFromPage(killed, 'recorder.start', { name: 'killed' })
  expect(recording).toBe('killed.mcap')
  await expect(
    killed.page.getByRole('button', { name: /^Stop recording: 00:00:(0[2-9]|[1-5]\d)/ }),
  ).toBeVisible()
  process.kill(killed.web!.pid, 'SIGKILL')
  await expect(killed.close()).rejects.toThrow(/ended with code null/)
  expect(recordingsIn(workspaceDir)).toEqual(['killed.mcap.part'])

  const next = await startWeb(browser, { workspaceDir, links: [] })
  const notice = next.page.getByRole('group', { name: 'Notice' })
  await expect(notice).toContainText(/Recording recovered.*killed\.mcap/)
  expect(recordingsIn(workspaceDir)).toEqual(['killed.mcap'])
  const path = recordingPath(workspaceDir, 'killed.mcap')
  expect((await verifyFile(path)).whole).toBe(true)
  expect((await readTrace(path)).bytesIn).toBeGreaterThan(1000)
  await next.close()
})

test('two programs in one workspace leave each other’s recordings alone', async ({
  browser,
  workspaceDir,
}) => {
  const first = await startWeb(browser, { workspaceDir, links: ['sim:demo'] })
  await callFromPage(first, 'recorder.start', { name: 'shared' })
  await expect(
    first.page.getByRole('button', { name: /^Stop recording: 00:00:(0[1-9]|[1-5]\d)/ }),
  ).toBeVisible()
  const second = await startWeb(browser, { workspaceDir, links: [] })
  await expect(second.page.getByRole('group', { name: 'Notice' })).toContainText(
    /left alone.*shared\.mcap\.part/,
  )
  const { recording } = await callFromPage(second, 'recorder.start', { name: 'shared' })
  expect(recording).toBe('shared (2).mcap')
  await callFromPage(second, 'recorder.stop', {})
  await callFromPage(first, 'recorder.stop', {})
  expect(recordingsIn(workspaceDir)).toEqual(['shared (2).mcap', 'shared.mcap'])
  expect((await verifyFile(recordingPath(workspaceDir, 'shared.mcap'))).whole).toBe(true)
  await first.close()
  await second.close()
})
