import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { z } from 'zod'
import { fillPlan, startButton } from '../../e2e/benchPage.ts'
import { startHostedShell } from '../../e2e/hostedShell.ts'
import { benchFolder, root } from './agent.ts'
import type { BenchResult } from './result.ts'

const traceSchema = z.looseObject({
  traceEvents: z.array(
    z.looseObject({
      name: z.string(),
      ph: z.string(),
      pid: z.number(),
      tid: z.number(),
      dur: z.number().optional(),
      tdur: z.number().optional(),
      args: z.looseObject({ name: z.unknown().optional() }).optional(),
    }),
  ),
})

type Tasks = { readonly wallMs: readonly number[]; readonly cpuMs: readonly number[] }

/** Every task of the page's main threads in a recorded trace: wall and processor time, in ms. */
function mainThreadTasks(trace: Buffer): Tasks {
  const { traceEvents } = traceSchema.parse(JSON.parse(trace.toString('utf8')))
  const mains = new Set(
    traceEvents
      .filter(event => event.name === 'thread_name' && event.args?.name === 'CrRendererMain')
      .map(event => `${event.pid}/${event.tid}`),
  )
  const tasks = traceEvents.filter(
    event => event.ph === 'X' && event.name.endsWith('RunTask') && mains.has(`${event.pid}/${event.tid}`),
  )
  return {
    wallMs: tasks.map(task => (task.dur ?? 0) / 1000),
    cpuMs: tasks.map(task => (task.tdur ?? 0) / 1000),
  }
}

async function planRun(page: Page): Promise<void> {
  await fillPlan(page, {
    schemes: ['memfd-buffered', 'memfd-direct', 'memfd-gather-direct'],
    sizes: ['8MiB', '64MiB', '256MiB'],
    repeats: 10,
  })
  await page.waitForTimeout(500)
}

export async function run(): Promise<BenchResult[]> {
  const bundler = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  execFileSync(process.execPath, [bundler, 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  const folder = mkdtempSync(join(benchFolder(), 'home-'))
  const shell = await startHostedShell(folder)
  const browser = await chromium.launch({
    executablePath: process.env.DMABUF_LAB_CHROMIUM ?? '/usr/bin/chromium',
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-background-networking'],
  })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(shell.url)
    await planRun(page)
    await browser.startTracing(page, {
      categories: ['toplevel', 'disabled-by-default-devtools.timeline', '__metadata'],
    })
    await startButton(page).click()
    await page.getByText('Run 1 finished:').waitFor({ timeout: 300_000 })
    const { wallMs, cpuMs } = mainThreadTasks(await browser.stopTracing())
    return [
      {
        name: "longest task of the page's main thread during a run of 99 samples",
        value: Math.max(0, ...wallMs),
        unit: 'ms',
        limit: { atMost: 50 },
      },
      { name: 'the same in processor time', value: Math.max(0, ...cpuMs), unit: 'ms' },
      { name: 'tasks in the trace', value: wallMs.length, unit: 'tasks', limit: { atLeast: 100 } },
    ]
  } finally {
    await browser.close()
    await shell.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
