import './scripts/ownClaim.ts'
import { defineConfig } from '@playwright/test'

const minutes = 60_000

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  // No spec rests on a duration: those that are claimed are measured alone, by `npm run bench`.
  workers: 2,
  fullyParallel: false,
  forbidOnly: process.env.CI === 'true',
  retries: 0,
  // For what hangs; no spec is to fail because the machine does something else as well.
  timeout: 20 * minutes,
  expect: { timeout: 5 * minutes },
  projects: [{ name: 'hosted' }, { name: 'desktop stand-in' }, { name: 'electron' }],
})
