import type { ExportFormat, ExportOptions } from '../../../shared/model/exports'
import { AsciicastExport } from './asciicast-export'
import { BytesExport } from './bytes-export'
import { ChromeTraceExport } from './chrome-trace-export'
import { CsvExport } from './csv-export'
import type { Exporter } from './export-format'
import { FoxgloveExport } from './foxglove-export'
import { JsonlExport } from './jsonl-export'
import { PcapngExport } from './pcapng-export'
import { ReportExport } from './report-export'

const MAKERS: Readonly<Record<ExportFormat, (options: ExportOptions) => Exporter>> = {
  pcapng: ({ binding = 'user0' }) => new PcapngExport(binding),
  jsonl: () => new JsonlExport(),
  csv: () => new CsvExport(),
  foxglove: () => new FoxgloveExport(),
  'chrome-trace': () => new ChromeTraceExport(),
  asciicast: () => new AsciicastExport(),
  bin: () => new BytesExport(),
  report: () => new ReportExport(),
}

/** What writes a recording in this form; for one recording each. */
export const exporterOf = (format: ExportFormat, options: ExportOptions = {}): Exporter =>
  MAKERS[format](options)
