import { expect, test } from 'vitest'
import { withFolderLock } from './folderLock.ts'

const patienceMs = 10 * 60_000

test('work on one folder runs one after the other, also after a failure', async () => {
  const folder = `/nowhere/${process.pid}`
  const order: string[] = []
  const first = withFolderLock(folder, patienceMs, async () => {
    await new Promise(resolve => setTimeout(resolve, 50))
    order.push('first')
    throw new Error('failed')
  })
  const second = withFolderLock(folder, patienceMs, async () => order.push('second'))
  await expect(first).rejects.toThrow('failed')
  await second
  expect(order).toEqual(['first', 'second'])
})

test('waiting for a lock has an end', async () => {
  const folder = `/nowhere/${process.pid}-busy`
  await withFolderLock(folder, 0, async () => {
    await expect(withFolderLock(folder, 0, async () => {})).rejects.toMatchObject({ kind: 'busy' })
  })
})
