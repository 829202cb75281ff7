import type { WhatIfFigures, WhatIfGroup, WhatIfSummary } from './what-if'
import { shownMs, shownPercent } from './what-if-words'

/** Routes come from the peer: what would be formatting is written as characters. */
const plain = (text: string): string =>
  text.replace(/[\u0000-\u001f\u007f]/g, ' ').replace(/[\\`*_{}[\]()#+!|<>~&]/g, (char) => `\\${char}`)

const pair = (before: WhatIfFigures, after: WhatIfFigures, figure: 'p50' | 'p95' | 'max'): string =>
  `${shownMs(before[figure])} → ${shownMs(after[figure])}`

const line = (name: string, { count, waitBefore, waitAfter, totalBefore, totalAfter }: WhatIfGroup): string =>
  `| ${name} | ${count} | ${pair(waitBefore, waitAfter, 'p50')} | ${pair(waitBefore, waitAfter, 'p95')} | ${pair(waitBefore, waitAfter, 'max')} | ${pair(totalBefore, totalAfter, 'p50')} | ${pair(totalBefore, totalAfter, 'p95')} | ${shownPercent(totalBefore.p95, totalAfter.p95) || '0 %'} |`

const HEAD = [
  '| | Messages | Wait p50 | Wait p95 | Wait max | Whole p50 | Whole p95 | Change |',
  '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
]

/** A run as a report that can be pasted anywhere. */
export function whatIfMarkdown(recording: string, summary: WhatIfSummary): string {
  const { line: was, used, settings, all, priorities, routes, calibration } = summary
  const ahead = used.aheadMs === null ? 'as late as the machine allows' : shownMs(used.aheadMs)
  const changed = Object.entries(settings.priorities).map(([route, to]) => `${plain(route)} to ${to}`)
  return [
    `# What if: ${plain(recording)}`,
    '',
    `**${plain(summary.sentence)}**`,
    '',
    '| | Recorded | Tried |',
    '| --- | ---: | ---: |',
    `| Baud | ${was.baud ?? 'a socket'} | ${used.baud} |`,
    `| Largest chunk | ${was.chunkBytes} B | ${used.chunkBytes} B |`,
    `| Kept ahead | ${was.aheadMs === null ? 'not seen' : shownMs(was.aheadMs)} | ${ahead} |`,
    `| Priorities | as recorded | ${changed.length === 0 ? 'as recorded' : changed.join(', ')} |`,
    `| Sent | when it was | ${settings.policy === 'reply' ? 'after the answer it followed' : 'when it was'} |`,
    `| Length | ${shownMs(summary.spanBeforeMs)} | ${shownMs(summary.spanAfterMs)} |`,
    '',
    ...HEAD,
    line('all', all),
    ...priorities.map((group) => line(`priority ${group.priority}`, group)),
    ...routes.map((group) => line(group.route === '' ? 'no route' : plain(group.route), group)),
    '',
    calibration === null
      ? 'The recording is of a socket: it could not be sent again as it was, to see how far the model is off.'
      : `Sent again as it was, half of the messages take the same time within ${shownMs(calibration.total.p50)}, 95 % within ${shownMs(calibration.total.p95)}, all within ${shownMs(calibration.total.max)}.`,
    '',
    `Assumed: a line without faults; the peer answers as long after the last byte of a request as it did; what it says by itself comes when it did. ${summary.messages} messages sent again, ${summary.leftOut} left out because they never ended, ${summary.unfinished} not through. Digest ${summary.digest}.`,
    '',
  ].join('\n')
}
