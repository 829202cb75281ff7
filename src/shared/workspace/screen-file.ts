import { z } from 'zod'
import { type FileReading, readYaml } from './read-yaml'
import type { YamlData } from './write-yaml'

/** The file that screens keep their choices in: `settings/screen.yaml`. */
export const SCREEN_SETTINGS = 'screen'
const MAX_SETTING_NAME_LENGTH = 200

const check = z
  .record(z.string().max(MAX_SETTING_NAME_LENGTH), z.json())
  .transform((values) => values as Readonly<Record<string, YamlData>>)

/** Reads the choices; never throws for what stands in the file. */
export const parseSettings = (text: string, file: string): FileReading<Readonly<Record<string, YamlData>>> =>
  readYaml(text, file, check)
