import { ensureCompilersAndAgents } from './agents.mjs'
import { ensurePrograms } from './debian.mjs'
import { becomePinned, ensureModules } from './setup.mjs'

ensureModules()
ensurePrograms(['chromium', 'fio', 'adb'])
ensureCompilersAndAgents()
becomePinned('scripts/bench.ts', process.argv.slice(2))
