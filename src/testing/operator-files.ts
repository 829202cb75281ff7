import { join } from 'node:path'
import { SendHistory } from '../main/operate/send/send-history'
import { SecretStore } from '../main/workspace/secret-store'

/** Secrets and history of a console, in a folder and nowhere else. */
export function operatorFiles(dir: string): { readonly secrets: SecretStore; readonly history: SendHistory } {
  let lastId = 0
  return {
    secrets: new SecretStore({ path: join(dir, 'private', 'secrets.json'), env: {}, cipher: null }),
    history: new SendHistory(
      join(dir, 'state', 'sent.jsonl'),
      'session',
      () => `sent-${++lastId}`,
      (problem) => {
        throw problem
      },
    ),
  }
}
