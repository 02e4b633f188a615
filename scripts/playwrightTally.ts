import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { FullConfig, Reporter, Suite } from '@playwright/test/reporter'
import { failureReason, type Tally } from './tally.ts'

/** Of a test that failed: what its page showed at that moment, or what was said by the shell that took it away. */
export const pageAnnotation = 'page'

/** Playwright reporter: leaves a tally where DMABUF_LAB_TALLY points. */
export default class PlaywrightTally implements Reporter {
  private suite: Suite | null = null

  onBegin(_config: FullConfig, suite: Suite): void {
    this.suite = suite
  }

  onEnd(): void {
    const tally: Tally = { passed: 0, failed: [], skipped: [], files: [] }
    const seconds = new Map<string, number>()
    for (const test of this.suite?.allTests() ?? []) {
      const outcome = test.outcome()
      const name = test.titlePath().filter(Boolean).join(' > ')
      const path = relative(process.cwd(), test.location.file)
      const tookMs = test.results.reduce((sum, result) => sum + result.duration, 0)
      seconds.set(path, (seconds.get(path) ?? 0) + tookMs / 1000)
      if (outcome === 'skipped') {
        const why = test.annotations.find(note => note.type === 'skip')?.description ?? 'not reached'
        tally.skipped.push({ test: name, why })
      } else if (outcome === 'unexpected') {
        const error = test.results.at(-1)?.error
        const page = test.annotations.find(note => note.type === pageAnnotation)?.description
        const why = [failureReason(error?.message, error?.location), page].filter(Boolean).join('; ')
        tally.failed.push({ test: name, why })
      } else tally.passed += 1
    }
    tally.files = [...seconds].map(([file, took]) => ({ file, seconds: took }))
    const file = process.env.DMABUF_LAB_TALLY
    if (file) writeFileSync(file, JSON.stringify(tally))
  }
}
