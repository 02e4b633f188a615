import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { helperOf, readSandboxFacts, sandboxProblem } from './chromeSandbox.ts'

const helper = '/opt/electron/chrome-sandbox'
const open = { setuidHelper: false, appArmorRule: false, userNamespaces: true }

test('a machine that makes user namespaces, or a helper that is set up, is no problem', () => {
  expect(sandboxProblem(open, helper)).toBeNull()
  expect(sandboxProblem({ setuidHelper: true, appArmorRule: true, userNamespaces: false }, helper)).toBeNull()
})

test.each([
  ["Ubuntu's rule", { ...open, appArmorRule: true }, 'AppArmor'],
  ['a container', { ...open, userNamespaces: false }, 'no user namespaces'],
])('%s is told with the command that mends it, and never with --no-sandbox', (_where, facts, reason) => {
  const problem = sandboxProblem(facts, helper)
  expect(problem?.reason).toContain(reason)
  expect(problem?.fix).toContain(`chmod 4755 '${helper}'`)
  expect(JSON.stringify(problem)).not.toContain('no-sandbox')
})

test('a helper counts when it is setuid and belongs to root', context => {
  const folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = helperOf(join(folder, 'electron'))
  expect(readSandboxFacts(file).setuidHelper).toBe(false)
  writeFileSync(file, '')
  chmodSync(file, 0o755)
  expect(readSandboxFacts(file).setuidHelper).toBe(false)
  context.skip(process.getuid?.() !== 0, 'only root can make a file that belongs to root')
  chmodSync(file, 0o4755)
  expect(readSandboxFacts(file).setuidHelper).toBe(process.platform === 'linux')
})
