import { becomePinned, ensureModules } from './setup.mjs'

ensureModules()
becomePinned('scripts/bench.ts', process.argv.slice(2))
