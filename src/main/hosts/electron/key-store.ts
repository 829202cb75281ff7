import type { SafeStorage } from 'electron'

/** What is asked of Electron's door to the key store of the system. */
export type KeyStorePort = Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
>

/** Encrypts what only the same person on the same computer can read again. */
export interface SystemCipher {
  isAvailable(): Promise<boolean>
  encrypt(value: string): Promise<string>
  decrypt(text: string): Promise<string>
}

/** The key store of the system. On Linux without one, Chromium would use a key that everybody knows: that counts as none. */
export const systemCipher = (storage: KeyStorePort, platform: NodeJS.Platform): SystemCipher => ({
  async isAvailable() {
    if (platform === 'linux' && storage.getSelectedStorageBackend() === 'basic_text') return false
    return await storage.isAsyncEncryptionAvailable()
  },
  async encrypt(value) {
    const bytes = await storage.encryptStringAsync(value)
    return bytes.toString('base64')
  },
  async decrypt(text) {
    const { result } = await storage.decryptStringAsync(Buffer.from(text, 'base64'))
    return result
  },
})
