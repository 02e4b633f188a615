import { ensureCompilersAndAgents } from './agents.mjs'
import { ensurePrograms, surroundings } from './debian.mjs'
import { becomePinned, ensureModules } from './setup.mjs'

const words = process.argv.slice(2)
// These look at the sources alone, and are to begin at once.
const plain = ['quick', 'lint', 'types', 'unit', 'build']

ensureModules()
if (words.length === 0 || words.some(word => !plain.includes(word))) {
  ensurePrograms([
    'qemu-aarch64-static',
    'chromium-headless-shell',
    'clang-format',
    'fio',
    'adb',
    ...surroundings,
  ])
  ensureCompilersAndAgents()
}
becomePinned('scripts/test.ts', words)
