import type { Clock } from '../../../shared/model/clock'
import type { Capture } from '../../capture/capture'
import { fieldPoints } from '../../capture/series/field-points'
import { numericFields } from '../../capture/series/numeric-fields'
import type { HasLine } from '../../capture/series/series-store'
import type { ViewLanguage } from '../../capture/views/view-language'
import type { Handlers } from './handlers'

type SeriesCommand = 'series.get' | 'series.field' | 'series.fields'

export const seriesHandlers = (
  capture: Capture,
  language: ViewLanguage,
  clock: Clock,
  nowMs: () => number,
  hasLine: HasLine,
): Pick<Handlers, SeriesCommand> => ({
  'series.get': ({ linkId, ...span }) => ({
    series: capture.series.read(linkId, span, nowMs(), hasLine),
  }),
  'series.field': async ({ filter, field, ...span }) => ({
    points: await fieldPoints(
      capture.viewSource,
      { ...span, filter: language.filter(filter), numberOf: language.numberOf(field) },
      clock,
    ),
  }),
  'series.fields': ({ filter }) => ({ fields: numericFields(capture.viewSource, language.filter(filter)) }),
})
