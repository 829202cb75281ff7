import { expect, test } from 'vitest'
import { commandIn } from './remedy-command'

test.each([
  [
    'Join the group that may use /dev/ttyUSB0: sudo usermod -aG dialout "$USER", then log in again.',
    'sudo usermod -aG dialout "$USER"',
  ],
  ['Allow access to /dev/x: sudo chmod a+rw /dev/x', 'sudo chmod a+rw /dev/x'],
  ['Close minicom, or end it: kill 4711', 'kill 4711'],
  [
    'Close the program that holds /dev/ttyS0, then connect again. To see it: sudo fuser -v /dev/ttyS0',
    'sudo fuser -v /dev/ttyS0',
  ],
  ['sudo modprobe cp210x.', 'sudo modprobe cp210x'],
  ['Disconnect the other link to /dev/ttyUSB0 first.', null],
  ['', null],
])('in %j the command is %j', (remedy, command) => {
  expect(commandIn(remedy)).toBe(command)
})
