/** Longest name with its collections, in characters. */
export const MAX_ENTRY_NAME_LENGTH = 200
/** Longest part between two `/`. */
export const MAX_ENTRY_PART_LENGTH = 80
/** Collections within collections. */
export const MAX_ENTRY_DEPTH = 6
/** Of one file. They are small and written by hand. */
export const MAX_WORKSPACE_FILE_BYTES = 512 * 1024

/** Names that Windows keeps for devices, whatever stands behind the first dot. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i

/**
 * Why a name cannot be that of a file on every system, in a few words; null when it can. Parts between `/` are folders.
 */
export function entryNameProblem(name: string): string | null {
  if (name === '') return 'a name is needed'
  if (name.length > MAX_ENTRY_NAME_LENGTH) return `a name has at most ${MAX_ENTRY_NAME_LENGTH} characters`
  const parts = name.split('/')
  if (parts.length > MAX_ENTRY_DEPTH) return `collections lie at most ${MAX_ENTRY_DEPTH} deep`
  for (const part of parts) {
    const problem = partProblem(part)
    if (problem !== null) return problem
  }
  return null
}

function partProblem(part: string): string | null {
  if (part === '') return 'a name cannot begin or end with "/" or have two of them together'
  if (part.length > MAX_ENTRY_PART_LENGTH) return `"${part}" has over ${MAX_ENTRY_PART_LENGTH} characters`
  if (part.startsWith('.')) return `"${part}" begins with a dot`
  if (part.endsWith('.') || part !== part.trim())
    return `"${part}" begins or ends with a blank, or ends with a dot`
  if (/[<>:"\\|?*]/.test(part)) return `"${part}" holds one of < > : " \\ | ? *`
  if (/[\p{Cc}\p{Cf}\p{Cs}]/u.test(part)) return `"${part}" holds characters that nobody sees`
  if (part.normalize('NFC') !== part) return `"${part}" is written in a way that systems spell differently`
  if (RESERVED.test(part)) return `"${part}" is a name that Windows keeps for a device`
  return null
}

/** Equal for names that are the same file on a system that does not tell capitals apart. */
export const foldedName = (name: string): string => name.toLowerCase()
