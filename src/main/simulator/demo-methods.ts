interface DemoMethod {
  readonly name: string
  readonly description: string
  /** Name of a parameter to the name of its type, as the Python library tells it. */
  readonly parameters: Readonly<Record<string, string>>
  readonly return_type: string
  readonly requires_auth: boolean
}

const method = (
  name: string,
  description: string,
  parameters: Readonly<Record<string, string>> = {},
  returns = 'dict',
): DemoMethod => ({ name, description, parameters, return_type: returns, requires_auth: false })

/** What the demo endpoint answers to the netconduit call `listall`. */
export const DEMO_METHODS: readonly DemoMethod[] = [
  method('echo', 'Gives back what it gets.', {}, 'Any'),
  method('add', 'Adds two numbers.', { a: 'float', b: 'float' }),
  method('slow', 'Answers after some milliseconds.', { ms: 'float' }),
  method('big', 'Gives so many bytes.', { bytes: 'int', seed: 'int' }, 'bytes'),
  method('fail', 'Always fails.'),
  method('count', 'Answers 1 of n.', { n: 'int', ms: 'float' }),
  method('/device/info', 'Says what the device is.'),
  method('/device/read', 'Reads the sensors, or one channel.', { channel: 'str' }),
  method('/device/firmware', 'Takes a firmware image and gives its checksum.', {}, 'dict'),
]
