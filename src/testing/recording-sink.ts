import type { CodecFault, FrameExtent, FrameSink, IncomingHead } from '../main/netcore/dialects/dialect'
import { toHex } from '../shared/bytes'
import type { ErrorCode } from '../shared/errors'

export type SinkCall =
  | { readonly call: 'open'; readonly head: IncomingHead; readonly extent: FrameExtent }
  | {
      readonly call: 'chunk'
      readonly ref: string
      readonly payloadHex: string
      readonly isLast: boolean
      readonly extent: FrameExtent
    }
  | { readonly call: 'cancel' | 'control'; readonly ref: string; readonly extent: FrameExtent }
  | {
      readonly call: 'refuse'
      readonly ref: string
      readonly code: ErrorCode
      readonly detail: string
      readonly extent: FrameExtent
    }
  | { readonly call: 'fault'; readonly fault: CodecFault }

/** Writes down what a codec tells, for comparing. */
export class RecordingSink implements FrameSink {
  readonly calls: SinkCall[] = []

  open(head: IncomingHead, extent: FrameExtent): void {
    this.calls.push({ call: 'open', head, extent })
  }

  chunk(ref: string, payload: Uint8Array, isLast: boolean, extent: FrameExtent): void {
    this.calls.push({ call: 'chunk', ref, payloadHex: toHex(payload), isLast, extent })
  }

  cancel(ref: string, extent: FrameExtent): void {
    this.calls.push({ call: 'cancel', ref, extent })
  }

  control(ref: string, extent: FrameExtent): void {
    this.calls.push({ call: 'control', ref, extent })
  }

  refuse(ref: string, code: ErrorCode, detail: string, extent: FrameExtent): void {
    this.calls.push({ call: 'refuse', ref, code, detail, extent })
  }

  fault(fault: CodecFault): void {
    this.calls.push({ call: 'fault', fault })
  }

  get faults(): CodecFault[] {
    return this.calls.flatMap((each) => (each.call === 'fault' ? [each.fault] : []))
  }
}
