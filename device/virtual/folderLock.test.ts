import { expect, test } from 'vitest'
import { withFolderLock } from './folderLock.ts'

test('work on one folder runs one after the other, also after a failure', async () => {
  const folder = `/nowhere/${process.pid}`
  const order: string[] = []
  const first = withFolderLock(folder, 5_000, async () => {
    await new Promise(resolve => setTimeout(resolve, 150))
    order.push('first')
    throw new Error('failed')
  })
  const second = withFolderLock(folder, 5_000, async () => order.push('second'))
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
