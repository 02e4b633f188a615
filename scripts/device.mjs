import { becomePinned, ensureModules } from './setup.mjs'

ensureModules()
becomePinned('device/virtual/main.ts', process.argv.slice(2))
