import { type CatalogueEntry, entry } from './entry'

/** Library: limits and rules of events, scheduler and cache. */
export const serviceErrors = {
  HANDLERS_TOO_MANY: entry(
    'request',
    2,
    'Handlers are added and never removed. Remove them with off, or raise the limit.',
  ),
  TASK_UNKNOWN: entry('input', 2, 'Look at the names of the tasks; perhaps its file was removed meanwhile.'),
  TASK_INVALID: entry('input', 2, 'Correct the file of the task at the line that is named.'),
  TASK_BUSY: entry('request', 1, 'Wait until the run that was asked for has begun.'),
  TASKS_TOO_MANY: entry('request', 2, 'Cancel tasks that are not needed any more.'),
  TASK_TIMING_INVALID: entry(
    'input',
    2,
    'Delays are 0 ms or more, intervals 1 ms or more, both finite and under 100 years.',
  ),
  TASK_OPTION_INVALID: entry('input', 2, 'Correct the option of the task that the message names.'),
  TASK_TIMEOUT: entry(
    'request',
    4,
    'The run of the task took longer than it may. Allow more time, or do less.',
  ),
  TASK_CANCELLED: entry('request', 5, 'The task was cancelled while it ran. Start it again when ready.'),
  CRON_INVALID: entry(
    'input',
    2,
    'Write five fields (minute hour day month weekday) or six (seconds first): "*/5 * * * *" is every 5 minutes.',
  ),
  CACHE_KEY_TOO_LONG: entry('input', 2, 'Use a shorter key, for example a digest of the long one.'),
  CACHE_TTL_INVALID: entry('input', 2, 'A time to live is 0 ms or more, or infinite.'),
  CACHE_ENTRY_TOO_LARGE: entry(
    'request',
    2,
    'The value is larger than the whole cache may be. Raise its limit.',
  ),
  CACHE_SIZE_UNKNOWN: entry(
    'input',
    2,
    'Only bytes, texts and JSON values are measured by themselves. Give the cache a function that tells sizes.',
  ),
  CACHE_KEY_UNKNOWN: entry(
    'input',
    2,
    'The entry expired or was deleted. Look at the list of changes for when.',
  ),
  CACHE_KEYS_TOO_MANY: entry('input', 2, 'Choose fewer entries at a time, or clear the whole cache.'),
  CACHE_KEY_EMPTY: entry('input', 2, 'Give the key a name, for example dev/rig-3/net.mtu.'),
  CACHE_VALUE_INVALID: entry('input', 2, 'Correct the value at the place named, or choose another format.'),
  CACHING_RULE_INVALID: entry('input', 2, 'Correct the caching rule that the message names.'),
  CACHING_RULES_TOO_MANY: entry(
    'input',
    2,
    'Remove rules that are not needed, or join some with * at the end.',
  ),
  CACHE_OPTION_INVALID: entry('input', 2, 'Correct the option of the cache that the message names.'),
  CACHE_BUSY: entry(
    'request',
    3,
    'Too many callers wait for values that are being computed. Try again later.',
  ),

  INTERNAL: entry('internal', 1, 'This is a defect of the program. Please report it with the text above.'),
} as const satisfies Record<string, CatalogueEntry>
