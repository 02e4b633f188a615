import { becomePinned, ensureModules } from './setup.mjs'

ensureModules()
becomePinned('main/cli/index.ts', process.argv.slice(2))
