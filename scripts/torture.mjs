import { ensureCompilersAndAgents } from './agents.mjs'
import { ensurePrograms } from './debian.mjs'
import { becomePinned, ensureModules } from './setup.mjs'

ensureModules()
ensurePrograms(['clang', 'adb'])
ensureCompilersAndAgents()
becomePinned('scripts/torture.ts', process.argv.slice(2))
