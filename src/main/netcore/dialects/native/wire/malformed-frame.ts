/** Thrown inside the reader and caught by the scanner: a frame arrived whole but says something impossible. */
export class MalformedFrame extends Error {}
