import type { Words } from '../peers/ours'

/** MessagePack's `{"value": ` */
const VALUE = Buffer.from([0x81, 0xa5, ...Buffer.from('value')])
const BIN_16 = 0xc5
const HEAD_BYTES = VALUE.length + 3

/** A call has named parameters: the MessagePack map `{"value": bytes}`, as the real library is asked. */
export const netconduitWords: Words = {
  sink: 'msg:sink',
  echo: 'rpc:echo',
  headersOf: () => ({}),
  isInOnePiece: true,
  wrap: (body) => Buffer.concat([VALUE, Buffer.of(BIN_16, body.length >>> 8, body.length & 255), body]),
  unwrap: (answer) => answer.subarray(HEAD_BYTES),
}
