/**
 * Characters of device texts that would control a terminal, break the line or reorder the text around them: C0, DEL, C1,
 * line and paragraph separators, marks and overrides of writing direction, zero-width, byte order mark.
 */
export const UNSAFE_CHARACTERS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to replace
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g
