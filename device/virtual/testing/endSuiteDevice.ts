import { rm } from 'node:fs/promises'
import type { TestProject } from 'vitest/node'
import { defaultCacheFolder, instanceFolder } from '../deviceState.ts'
import { stopDevice } from '../virtualDevice.ts'

declare module 'vitest' {
  interface ProvidedContext {
    suiteDeviceName: string
  }
}

/** Vitest's global set-up: names the shared device, which its first user boots, and ends it after the last. */
export default function endSuiteDevice(project: TestProject): () => Promise<void> {
  const name = `suite-${process.pid}`
  project.provide('suiteDeviceName', name)
  return async () => {
    await stopDevice(name)
    await rm(instanceFolder(defaultCacheFolder(), name), { recursive: true, force: true })
  }
}
