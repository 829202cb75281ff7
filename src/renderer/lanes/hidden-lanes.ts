/** A lane that shows less than this share of itself counts as hidden. */
const SEEN_SHARE = 0.5

/** How many lanes lie above and below the visible part of the scrolled area. All in CSS pixels. */
export function hiddenLanes(
  lanes: readonly { readonly top: number; readonly height: number }[],
  scrollTop: number,
  height: number,
): { readonly above: number; readonly below: number } {
  let above = 0
  let below = 0
  for (const lane of lanes) {
    const seen = lane.height * SEEN_SHARE
    if (lane.top + seen < scrollTop) above++
    else if (lane.top + seen > scrollTop + height) below++
  }
  return { above, below }
}
