import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'
import { z } from 'zod'
import { failureReason, type Tally } from './tally.ts'

/** Vitest reporter: leaves a tally where DMABUF_LAB_TALLY points. */
export default class VitestTally implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const tally: Tally = { passed: 0, failed: [], skipped: [], files: [] }
    const fail = (test: string, error: unknown) => tally.failed.push({ test, why: reasonOf(error) })
    for (const error of unhandled) fail('outside every test', error)
    for (const module of modules) {
      const { collectDuration, duration } = module.diagnostic()
      tally.files.push({ file: module.relativeModuleId, seconds: (collectDuration + duration) / 1000 })
      for (const error of module.errors()) fail(module.relativeModuleId, error)
      for (const test of module.children.allTests()) {
        const result = test.result()
        if (result.state === 'passed') tally.passed += 1
        else if (result.state === 'failed')
          fail(`${module.relativeModuleId} > ${test.fullName}`, result.errors[0])
        else
          tally.skipped.push({
            test: test.fullName,
            why: ('note' in result && result.note) || 'as its title says',
          })
      }
    }
    const file = process.env.DMABUF_LAB_TALLY
    if (file) writeFileSync(file, JSON.stringify(tally))
  }
}

/** An error comes from another process, as plain data. */
const errorSchema = z.object({
  message: z.string(),
  stacks: z.array(z.object({ file: z.string(), line: z.number() })).default([]),
})

function reasonOf(error: unknown): string {
  const told = errorSchema.safeParse(error)
  return told.success
    ? failureReason(told.data.message, told.data.stacks[0])
    : failureReason(`${error}`, undefined)
}
