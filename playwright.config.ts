import './scripts/ownClaim.ts'
import { defineConfig } from '@playwright/test'

const minutes = 60_000

// A spec runs where its outcome may differ. The page is one bundle in every shell: what it shows is looked at in a
// browser, and over the stand-in what the desktop shell adds, guards, saves and survives. Real Electron runs all.
const ofTheDesktop = /\/(desktop|electron|package)\.spec\.ts$/
const ofTheShell = /\/(attacks|desktop|electron|loadAFile|package|restart)\.spec\.ts$/

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
  projects: [
    { name: 'hosted', testIgnore: ofTheDesktop },
    { name: 'desktop stand-in', testMatch: ofTheShell },
    { name: 'electron' },
  ],
})
