import { ensureCompilersAndAgents } from './agents.mjs'
import { ensurePrograms } from './debian.mjs'
import { becomePinned, ensureModules } from './setup.mjs'

ensureModules()
ensurePrograms(['chromium-headless-shell', 'adb'])
ensureCompilersAndAgents()
becomePinned('scripts/testOne.ts', process.argv.slice(2))
