/** Node 22 has it; @chainsafe/libp2p-yamux calls it, and the benchmark runs on Node 20 too. */
interface WithResolvers {
  withResolvers?: () => unknown
}

const constructor = Promise as WithResolvers
constructor.withResolvers ??= () => {
  let resolve: unknown
  let reject: unknown
  const promise = new Promise((resolveIt, rejectIt) => {
    resolve = resolveIt
    reject = rejectIt
  })
  return { promise, resolve, reject }
}
