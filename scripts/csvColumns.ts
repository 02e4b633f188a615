import { writeFileSync } from 'node:fs'
import { csvDocument } from './csvDocument.ts'

writeFileSync(new URL('../docs/csv.md', import.meta.url), csvDocument())
