import {
  framingText,
  hasBroker,
  hasCompression,
  hasFragments,
  hasGap,
  hasHeartbeat,
  hasRates,
  hasTls,
  isTcp,
  isUdp,
  type LinkForm,
} from './link-form'
import { presetOf } from './reset-presets'
import { texts as t } from './texts'

/** What Advanced holds, in few words, while it is closed: what is unusual, else what usual means. */
export function advancedSummary(form: LinkForm): string {
  const parts = [...ownParts(form), ...commonParts(form)]
  if (form.kind === 'serial')
    return [framingText(form), ...(parts.length > 0 ? parts : [t.usualSerial])].join(', ')
  if (form.kind === 'sim') return [t.seedOf(form.seed), ...parts].join(', ')
  return parts.length > 0 ? parts.join(', ') : t.usual
}

function ownParts(form: LinkForm): string[] {
  if (form.kind === 'serial') {
    const { flow, dtr, rts, reset } = form
    return [
      ...(flow === 'none' ? [] : [t.flows[flow]]),
      ...(dtr === 'leave' ? [] : [t.lineAtOpenOf('DTR', dtr)]),
      ...(rts === 'leave' || flow === 'rtscts' ? [] : [t.lineAtOpenOf('RTS', rts)]),
      ...(reset.trim() === '' ? [] : [t.resetOf(t.presets[presetOf(reset)])]),
    ]
  }
  return [
    ...(isTcp(form.kind) && form.isLossy ? [t.lossyLine] : []),
    ...(hasTls(form.kind) && form.tls !== 'no' ? [t.tlsOf(form.tls)] : []),
    ...(isUdp(form.kind) && form.datagram.trim() !== '' ? [t.datagramOf(form.datagram.trim())] : []),
    ...(hasBroker(form) && form.isBroker ? [t.brokerOn] : []),
  ]
}

const commonParts = (form: LinkForm): string[] => [
  ...(hasGap(form) && form.gap.trim() !== '' ? [t.gapOf(form.gap.trim())] : []),
  ...(hasHeartbeat(form) && form.heartbeat.trim() !== '' ? [t.heartbeatOf(form.heartbeat.trim())] : []),
  ...(hasRates(form) && form.rate.trim() !== '' ? [t.rateOf(form.rate.trim())] : []),
  ...(hasCompression(form) && form.isCompressing ? [t.compressed] : []),
  ...(form.chunk.trim() === '' ? [] : [(hasFragments(form) ? t.fragmentOf : t.chunkOf)(form.chunk.trim())]),
  ...(form.waits === '' ? [] : [form.waits.replaceAll('&', ', ')]),
  ...(form.isReconnecting ? [] : [t.reconnectOff]),
  ...(form.isListenOnly ? [t.listenOnly] : []),
]
