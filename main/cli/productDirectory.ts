import { fileURLToPath } from 'node:url'

/** The folder of package.json, from wherever the command is called. */
export const productDirectory = fileURLToPath(new URL('../..', import.meta.url))
