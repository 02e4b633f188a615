import { becomePinned, ensureModules } from './setup.mjs'

ensureModules()
becomePinned('scripts/test.ts', process.argv.slice(2))
