import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openScriptedLab, runEnded, shortPlan } from '../lab/fixtures/scriptedLab.ts'
import { SavedRuns } from './savedRuns.ts'

let folder: string
let opened: ReturnType<typeof openScriptedLab>

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-'))
  opened = openScriptedLab(folder, 'measure')
})

afterEach(async () => {
  await opened.close()
  rmSync(folder, { recursive: true })
})

function savedRuns(answer: string | null) {
  const askWhere = vi.fn(async () => answer)
  return { saved: new SavedRuns(Promise.resolve(opened.lab), { askWhere }, '/documents'), askWhere }
}

async function measured(): Promise<number> {
  const { runId } = await opened.lab.handlers.runs.start(shortPlan)
  await runEnded(opened.lab, runId)
  return runId
}

test('an export is written where the person says, and comes back as it went', async () => {
  const file = join(folder, 'kept.json')
  const { saved, askWhere } = savedRuns(file)
  const runId = await measured()
  expect(await saved.save(runId, 'json')).toBe(file)
  expect(askWhere).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/^\/documents\/dmabuf-lab-run-1-/))
  expect(saved.lastSaved).toBe(file)
  const exported = JSON.parse(readFileSync(file, 'utf8'))
  const { run } = exported
  // The scripted engine's spans fit no sample of its own, which an import would say.
  writeFileSync(file, JSON.stringify({ ...exported, spans: [] }))
  await opened.lab.handlers.runs.delete({ runId })
  const again = await saved.bringIn(file)
  expect((await opened.lab.handlers.runs.get({ runId: again })).run.uuid).toBe(run.uuid)
})

test('a picture is written where the person says, and an export is there as text', async () => {
  const file = join(folder, 'picture.png')
  const { saved, askWhere } = savedRuns(file)
  const png = Buffer.from('iVBORw0KGgo=', 'base64')
  expect(await saved.savePicture('dmabuf-lab-run-1.png', png)).toBe(file)
  expect(askWhere).toHaveBeenCalledExactlyOnceWith('/documents/dmabuf-lab-run-1.png')
  expect(readFileSync(file)).toEqual(png)
  expect(await saved.text(await measured(), 'markdown')).toMatch(/^# /)
})

test('a person who thought better of it gets no file, and nothing is said to be saved', async () => {
  const { saved } = savedRuns(null)
  expect(await saved.save(await measured(), 'csv')).toBeNull()
  expect(saved.lastSaved).toBeNull()
})

test('a place that takes no file is told with what to do', async () => {
  const { saved } = savedRuns(join(folder, 'nowhere', 'run.csv'))
  const runId = await measured()
  await expect(saved.save(runId, 'csv')).rejects.toMatchObject({
    kind: 'store-failed',
    hint: 'Choose another place.',
  })
  expect(saved.lastSaved).toBeNull()
})

test('what is no export of the lab leaves the history as it is', async () => {
  const { saved } = savedRuns(null)
  const noRun = join(folder, 'no-run.json')
  writeFileSync(noRun, '{"schemaVersion": 1}')
  mkdirSync(join(folder, 'directory.json'))
  await expect(saved.bringIn(noRun)).rejects.toMatchObject({ kind: 'bad-input' })
  await expect(saved.bringIn(join(folder, 'gone.json'))).rejects.toMatchObject({ kind: 'bad-file' })
  await expect(saved.bringIn(join(folder, 'directory.json'))).rejects.toMatchObject({ kind: 'bad-file' })
  expect(await opened.lab.handlers.runs.list({})).toEqual([])
})
