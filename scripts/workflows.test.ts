import { globSync, readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { expect, test } from 'vitest'

// It imports its schema as bundlers alone read it: Node wants to be told that JSON is JSON.
const asJson = registerHooks({
  resolve: (specifier, context, next) =>
    specifier.endsWith('.min.json')
      ? { ...next(specifier, context), importAttributes: { type: 'json' } }
      : next(specifier, context),
})
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import(
  '@actions/workflow-parser'
)
asJson.deregister()

const root = join(import.meta.dirname, '..')
const files = globSync('.github/workflows/*.yml', { cwd: root })
const desktop = readFileSync(join(root, '.github', 'workflows', 'desktop.yml'), 'utf8')

/** What GitHub's own parser has against a workflow: it may have been run nowhere yet. */
async function problemsOf(content: string): Promise<string[]> {
  const { context, value } = parseWorkflow({ name: 'a.yml', content }, new NoOperationTraceWriter())
  if (value !== undefined) await convertWorkflowTemplate(context, value)
  return context.errors.getErrors().map(({ message }) => message)
}

test.each(files)("%s is a workflow by GitHub's own parser", async file => {
  expect(await problemsOf(readFileSync(join(root, file), 'utf8'))).toEqual([])
})

test.each([
  ['a key that is none', 'runs-on:', 'runs-onn:'],
  ['a step that does nothing', '- run: npm ci', '- runn: npm ci'],
  ['a job that is not there', 'needs: [opens, agents]', 'needs: [opens, agent]'],
  ['an expression that is none', "matrix.display == 'x11'", "matrix.display = 'x11'"],
  ['a context that a step does not have', "if: runner.os == 'Linux'", "if: runer.os == 'Linux'"],
])('%s is found', async (_, right, wrong) => {
  expect(desktop).toContain(right)
  expect(await problemsOf(desktop.replace(right, wrong))).not.toEqual([])
})

test('what its steps start is there: scripts by their path, and projects and specs of the tests', () => {
  const lines = desktop.split('\n')
  const scripts = lines.flatMap(line => /node ((?:scripts|device)\/\S+\.ts)/.exec(line)?.[1] ?? [])
  const specs = lines.flatMap(line => /(e2e\/\S+\.spec\.ts)/.exec(line)?.[1] ?? [])
  expect(scripts.length * specs.length).toBeGreaterThan(0)
  for (const file of [...scripts, ...specs]) expect(globSync(file, { cwd: root }), file).toHaveLength(1)
  const { scripts: commands } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  for (const line of lines) {
    const command = /npm run (\w+)/.exec(line)?.[1]
    if (command !== undefined) expect(Object.keys(commands)).toContain(command)
  }
})
