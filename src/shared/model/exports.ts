/** Forms that a recording can be written in. */
export const EXPORT_FORMATS = [
  'pcapng',
  'jsonl',
  'csv',
  'foxglove',
  'chrome-trace',
  'asciicast',
  'bin',
  'report',
] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

export interface ExportFormatFacts {
  readonly label: string
  /** Who opens it. */
  readonly about: string
  /** Of the main file; empty where each file has one of its own. */
  readonly extension: string
}

export const EXPORT_FORMAT_FACTS: Readonly<Record<ExportFormat, ExportFormatFacts>> = {
  pcapng: {
    label: 'Wireshark (pcapng)',
    about: 'A packet per frame. Use resources/wireshark/netcore.lua with it.',
    extension: '.pcapng',
  },
  jsonl: {
    label: 'JSON lines',
    about: 'Every entry as a line. Can be imported again without loss.',
    extension: '.jsonl',
  },
  csv: { label: 'Table (CSV)', about: 'A row per message, for spreadsheets.', extension: '.csv' },
  foxglove: {
    label: 'Foxglove, Lichtblick (MCAP)',
    about: 'JSON channels with schemas, a log and figures; a layout file beside it.',
    extension: '.foxglove.mcap',
  },
  'chrome-trace': {
    label: 'Perfetto (Chrome trace)',
    about: 'The lanes as a trace. Opens in ui.perfetto.dev.',
    extension: '.trace.json',
  },
  asciicast: {
    label: 'Terminal (asciicast v3)',
    about: 'The first raw text link, for asciinema. Not safe for binary data.',
    extension: '.cast',
  },
  bin: {
    label: 'Bytes (bin)',
    about: 'Bytes per link and direction, with an index of times.',
    extension: '',
  },
  report: {
    label: 'Report (Markdown)',
    about: 'Facts, problems, and why the slowest messages took so long.',
    extension: '.md',
  },
}

/** How Wireshark finds the dissector: by the link type (`user0`), or by its name in each packet (`upper-pdu`). */
export const PCAPNG_BINDINGS = ['user0', 'upper-pdu'] as const
export type PcapngBinding = (typeof PCAPNG_BINDINGS)[number]

export interface ExportOptions {
  readonly binding?: PcapngBinding
}

/** Messages that can be picked for one export. */
export const MAX_EXPORTED_MESSAGES = 10_000
/** Exports, imports, trims and redactions that run or wait at the same time. */
export const MAX_CONVERSIONS = 16
/** Ended ones that are remembered. */
export const MAX_ENDED_CONVERSIONS = 32
/** Bytes of one piece of a file that goes between screen and core. */
export const MAX_PIECE_BYTES = 4 * 1024 * 1024
/** Longest file that can be brought in. */
export const MAX_IMPORT_BYTES = 8 * 1024 ** 3

/** Longest text of redaction rules. */
export const MAX_RULES_LENGTH = 256 * 1024
/** A preview of a redaction looks for so long at a recording; what it has not seen then, it does not count. */
export const MAX_PREVIEW_MS = 3000

/** What a redaction would do. */
export interface RedactionPreview {
  /** In their order: what a rule masks in words, without its pattern, and of how many messages it masks something. */
  readonly rules: readonly { readonly words: string; readonly messages: number }[]
  /** All that were looked at. */
  readonly messages: number
  /** Whether that is the whole recording. */
  readonly isWhole: boolean
}

export type ConversionKind = 'export' | 'import' | 'trim' | 'redact' | 'pack'
export type ConversionState = 'running' | 'done' | 'failed' | 'cancelled'

/** One file that a conversion made. */
export interface MadeFile {
  readonly name: string
  readonly path: string
  readonly byteCount: number
}

/** An export, import, trim or redaction: under way, or how it ended. */
export interface Conversion {
  readonly id: number
  readonly kind: ConversionKind
  /** Name of the recording, or of the file that is brought in. */
  readonly subject: string
  readonly format: ExportFormat | null
  readonly state: ConversionState
  readonly doneBytes: number
  readonly allBytes: number
  readonly entries: number
  readonly files: readonly MadeFile[]
  /** Name of the recording that was made; empty for exports. */
  readonly recording: string
  /** What could not be read, or why it failed; empty when all is well. */
  readonly detail: string
  readonly remedy: string
}

export interface ConversionsChanged {
  /** Oldest first. */
  readonly conversions: readonly Conversion[]
}

/** Files that can be brought in, by the end of their name. */
export const IMPORT_EXTENSIONS = ['.mcap', '.pcapng', '.jsonl', '.bin'] as const
export type ImportFormat = 'mcap' | 'pcapng' | 'jsonl' | 'bin'

/** Told by the end of the name; undefined for what cannot be brought in. */
export function importFormatOf(name: string): ImportFormat | undefined {
  const lower = name.toLowerCase()
  if (lower.endsWith('.mcap') || lower.endsWith('.mcap.part')) return 'mcap'
  const extension = IMPORT_EXTENSIONS.find((each) => lower.endsWith(each))
  return extension?.slice(1) as ImportFormat | undefined
}
