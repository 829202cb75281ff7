/** A layout for Foxglove and Lichtblick: plots of figures and answer times, states of the links, messages, and the log. */
export function foxgloveLayout(linkIds: readonly number[]): object {
  const links = linkIds.length === 0 ? [1] : linkIds
  const paths = (topics: readonly string[]): object[] =>
    topics.map((value) => ({ value, enabled: true, timestampMethod: 'receiveTime' }))
  const plot = (title: string, topics: readonly string[]): object => ({
    title,
    paths: paths(topics),
    isSynced: true,
    showLegend: true,
    showXAxisLabels: true,
    showYAxisLabels: true,
    xAxisVal: 'timestamp',
  })
  const ofLinks = (...ends: readonly string[]): string[] =>
    links.flatMap((linkId) => ends.map((end) => `/link/${linkId}/${end}`))
  return {
    configById: {
      'Plot!bytes': plot('Bytes per second', ofLinks('stats.rx_Bps', 'stats.tx_Bps')),
      'Plot!times': plot('Answer times and waits (ms)', ofLinks('message.rtt_ms', 'message.blocked_ms')),
      'StateTransitions!links': { isSynced: true, paths: paths(ofLinks('event.phase')) },
      'RawMessages!messages': { topicPath: `/link/${links[0]!}/message`, diffEnabled: false },
      'RosOut!log': { searchTerms: [], minLogLevel: 1 },
    },
    globalVariables: {},
    userNodes: {},
    playbackConfig: { speed: 1 },
    layout: {
      direction: 'row',
      splitPercentage: 66,
      first: {
        direction: 'column',
        splitPercentage: 70,
        first: { direction: 'column', first: 'Plot!bytes', second: 'Plot!times' },
        second: 'StateTransitions!links',
      },
      second: { direction: 'column', first: 'RawMessages!messages', second: 'RosOut!log' },
    },
  }
}
