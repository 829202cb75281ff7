import { expect, test } from './fixtures'

test('no serial port is given to the page', async ({ app }) => {
  const outcome = await app.evaluate(() => {
    const serial = Reflect.get(navigator, 'serial') as { requestPort(): Promise<unknown> }
    return serial.requestPort().then(
      () => 'given',
      () => 'refused',
    )
  })
  expect(outcome).toBe('refused')
})

test("the page lives under the program's own scheme", async ({ app }) => {
  expect(await app.evaluate(() => location.protocol)).toBe('app:')
})
