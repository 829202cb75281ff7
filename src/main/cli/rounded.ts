/** Milliseconds to the microsecond: more than enough for a person, and 15 digits are too many. */
export const rounded = (ms: number): number => Math.round(ms * 1000) / 1000
