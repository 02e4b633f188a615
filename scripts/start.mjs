import { becomePinned, ensureModules } from './setup.mjs'

ensureModules()
becomePinned('scripts/start.ts', process.argv.slice(2))
