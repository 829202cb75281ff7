import type { ContractClient } from '../../../shared/contract/contract-client'
import { MAX_PIECE_BYTES, type MadeFile } from '../../../shared/model/exports'

/** Hands a file to the core piece by piece. Resolves with the number of the import once all was taken. */
export async function sendFile(
  client: ContractClient,
  file: File,
  dialect: string,
  onBegun: (id: number) => void,
): Promise<void> {
  const { id } = await client.call('import.begin', { name: file.name, byteCount: file.size, dialect })
  onBegun(id)
  for (let at = 0; at < file.size; at += MAX_PIECE_BYTES) {
    const bytes = new Uint8Array(await file.slice(at, at + MAX_PIECE_BYTES).arrayBuffer())
    await client.call('import.piece', { id, at, bytes })
  }
  await client.call('import.end', { id })
}

/** Fetches a file that an export made and lets the browser save it. */
export async function saveFile(
  client: ContractClient,
  id: number,
  fileIndex: number,
  { name, byteCount }: MadeFile,
): Promise<void> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  for (let at = 0; at < byteCount; ) {
    const { bytes } = await client.call('export.piece', { id, file: fileIndex, at })
    if (bytes.length === 0) break
    parts.push(bytes.slice())
    at += bytes.length
  }
  const url = URL.createObjectURL(new Blob(parts, { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), REVOKE_AFTER_MS)
}

/** The browser has begun to save by then. */
const REVOKE_AFTER_MS = 60_000
