import { writeFileSync } from 'node:fs'
import { answersDocument } from './answersDocument.ts'

writeFileSync(new URL('../docs/answers.md', import.meta.url), answersDocument())
