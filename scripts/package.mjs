import { ensureCompilersAndAgents } from './agents.mjs'
import { ensurePrograms } from './debian.mjs'
import { becomePinned, ensureModules, runPinned } from './setup.mjs'

ensureModules()
ensurePrograms(['dpkg-deb'])
ensureCompilersAndAgents()
runPinned('node_modules/electron-vite/bin/electron-vite.js', ['build', '--logLevel', 'warn'])
becomePinned('scripts/package.ts', process.argv.slice(2))
