import { useMemo } from 'react'
import { bodyTree } from '../../../shared/body/body-tree'
import type { BodyTree } from '../../../shared/body/body-types'
import type { WireError } from '../../../shared/errors'
import type { MessageDetail } from '../../../shared/model/views'
import { MAX_LAID_OUT_BYTES } from './body-look'
import { useWholeBody } from './use-body'

/** More than people scroll through; the tree says what it left out. */
const MAX_NODES = 300_000

export type Decoded =
  | { readonly kind: 'loading'; readonly doneBytes: number; readonly ofBytes: number }
  | { readonly kind: 'failed'; readonly problem: WireError }
  | {
      readonly kind: 'there'
      readonly bytes: Uint8Array
      readonly tree: BodyTree
      /** The bytes are only the beginning of the body. */
      readonly isPart: boolean
    }

/** Decoded once, however many tabs show it. */
const trees = new WeakMap<Uint8Array, BodyTree>()

/** @param isPart - The bytes are the beginning of a longer body. */
export function treeOf(bytes: Uint8Array, isPart: boolean): BodyTree {
  let tree = trees.get(bytes)
  if (tree === undefined) {
    tree = bodyTree(bytes, { isPart, maxNodes: MAX_NODES })
    trees.set(bytes, tree)
  }
  return tree
}

/** The body decoded: as a whole up to 4 MiB, else as much of its beginning as came with the detail. */
export function useDecoded(detail: MessageDetail): Decoded {
  const isPart = detail.keptBytes < detail.doneBytes || detail.doneBytes > MAX_LAID_OUT_BYTES
  const whole = useWholeBody(detail, !isPart)
  return useMemo((): Decoded => {
    if (isPart) return { kind: 'there', bytes: detail.body, tree: treeOf(detail.body, true), isPart }
    if (whole.kind !== 'there') return whole
    return { kind: 'there', bytes: whole.bytes, tree: treeOf(whole.bytes, false), isPart }
  }, [isPart, detail.body, whole])
}
