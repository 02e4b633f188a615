import { ensureCompilersAndAgents } from './agents.mjs'
import { ensurePrograms } from './debian.mjs'
import { becomePinned, ensureModules } from './setup.mjs'

ensureModules()
ensurePrograms(['qemu-aarch64-static', 'chromium', 'clang-format', 'fio', 'adb'])
ensureCompilersAndAgents()
becomePinned('scripts/test.ts', process.argv.slice(2))
