import { type CatalogueEntry, entry } from './entry'

/** Contract: screen and core. */
export const contractErrors = {
  CONTRACT_BAD_ARGUMENT: entry(
    'contract',
    1,
    'The screen and the core do not fit together: reload the page.',
  ),
  CONTRACT_UNKNOWN_CHANNEL: entry(
    'contract',
    1,
    'The screen and the core do not fit together: reload the page.',
  ),
  CONTRACT_FRAME_TOO_LARGE: entry('contract', 1, 'Send less at once: the limit is 16 MiB a frame.'),
  CONTRACT_BAD_FRAME: entry('contract', 1, 'The screen and the core do not fit together: reload the page.'),
  CONTRACT_TOO_MANY: entry(
    'contract',
    1,
    'Too much was asked at once. Wait for answers, or reload the page.',
  ),
  CHANNEL_CLOSED: entry('contract', 1, 'The core is gone. Start the program again, or reload the page.'),
  CHANNEL_TOO_SLOW: entry('contract', 1, 'The page did not keep up and was let go. Reload it.'),
  HOST_TOKEN_MISSING: entry(
    'contract',
    1,
    'Open the full address that the program printed: the part behind # is its key.',
  ),
  HOST_UNREACHABLE: entry(
    'contract',
    1,
    'Check that the program still runs, and open the address it printed last.',
  ),
  IPC_UNTRUSTED: entry(
    'contract',
    1,
    'Only the page of the program itself may ask this. Close the window and open another.',
  ),
} as const satisfies Record<string, CatalogueEntry>
