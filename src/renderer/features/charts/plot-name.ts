import { type Plot, seriesTitle } from './kept-plots'

/** The panel of a plot, beside those of the metrics. */
export const plotPanel = ({ id }: Plot): string => `plot-${id}`

export const plotTitle = ({ series }: Plot): string => series.map(seriesTitle).join(', ')
