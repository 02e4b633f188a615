import { writeFileSync } from 'node:fs'
import { runSchemaText } from './runSchemaText.ts'

writeFileSync(new URL('../docs/run-export.schema.json', import.meta.url), runSchemaText())
