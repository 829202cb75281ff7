/** Speed of an asynchronous serial line. One byte takes start bit + data bits + parity bit + stop bits. */
export interface LineRate {
  readonly baud: number
  readonly bitsPerByte: number
}

export interface LineFraming {
  readonly dataBits: 5 | 6 | 7 | 8
  readonly parity: 'none' | 'even' | 'odd' | 'mark' | 'space'
  readonly stopBits: 1 | 1.5 | 2
}

export const bitsPerByte = ({ dataBits, parity, stopBits }: LineFraming): number =>
  1 + dataBits + (parity === 'none' ? 0 : 1) + stopBits

/** Milliseconds that `byteCount` bytes occupy the line. */
export const wireMs = (byteCount: number, rate: LineRate): number =>
  (byteCount * rate.bitsPerByte * 1000) / rate.baud
