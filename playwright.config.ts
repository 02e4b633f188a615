import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  // Samples are timed: two specs at once would measure each other.
  workers: 1,
  fullyParallel: false,
  forbidOnly: process.env.CI === 'true',
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  projects: [{ name: 'hosted' }, { name: 'desktop stand-in' }, { name: 'electron' }],
})
