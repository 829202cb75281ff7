import { z } from 'zod'
import { MAX_ENTRY_NAME_LENGTH } from '../../workspace/entry-name'
import { WORKSPACE_KINDS } from '../../workspace/workspace-types'
import { MAX_PASSWORD_LENGTH } from '../../model/link-url'
import { MAX_RECORDING_NAME_LENGTH } from '../../model/recording-name'
import { MAX_CHOSEN_RECORDINGS } from '../../model/library'

/** Fields that the checks of several areas have. */

z.config({ jitless: true }) // the page's security policy forbids building functions from text

export const linkId = z.int().min(1)
export const messageId = z.int().min(1)
export const text = (maxLength: number) => z.string().max(maxLength)
export const nothing = z.strictObject({})

/** An address with the longest password there is, each of its characters written as nine. */
export const MAX_URL_CHARACTERS = 2048 + 9 * MAX_PASSWORD_LENGTH

export const MAX_BODY_IN_CONTRACT = 15 * 1024 * 1024
export const MAX_FIELD_LENGTH = 256

export const position = z.int().min(0)
export const sessionMs = z.number().min(0).max(Number.MAX_SAFE_INTEGER)
export const workspaceFile = { kind: z.enum(WORKSPACE_KINDS), name: text(MAX_ENTRY_NAME_LENGTH).min(1) }
/** Empty for none. */
export const environment = text(MAX_ENTRY_NAME_LENGTH)
export const recording = text(MAX_RECORDING_NAME_LENGTH).min(1)
export const recordings = z.array(recording).min(1).max(MAX_CHOSEN_RECORDINGS)
