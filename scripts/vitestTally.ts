import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'
import type { Tally } from './tally.ts'

/** Vitest reporter: leaves a tally where DMABUF_LAB_TALLY points. */
export default class VitestTally implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const tally: Tally = { passed: 0, failed: unhandled.length, skipped: [], files: [] }
    for (const module of modules) {
      const { collectDuration, duration } = module.diagnostic()
      tally.files.push({ file: module.relativeModuleId, seconds: (collectDuration + duration) / 1000 })
      if (module.errors().length > 0) tally.failed += 1
      for (const test of module.children.allTests()) {
        const result = test.result()
        if (result.state === 'passed') tally.passed += 1
        else if (result.state === 'failed') tally.failed += 1
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
