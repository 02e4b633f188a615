import { writeFileSync } from 'node:fs'

/** Names the file by which whoever started the shell sees that a person was shown something. */
const variable = 'DMABUF_LAB_SHOWN_FILE'

/** Tells whoever started the shell that it need not open another one. */
export function tellShown(): void {
  const file = process.env[variable]
  if (file === undefined || file === '') return
  try {
    writeFileSync(file, 'shown')
  } catch (thrown) {
    console.error(`${file} cannot be written: ${String(thrown)}`)
  }
}
