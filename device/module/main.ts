import { Argument, Command } from 'commander'
import { fail } from '../../contract/error.ts'
import { DEFAULT_NAME } from '../virtual/deviceState.ts'
import { exitCodeOf } from '../virtual/exitCode.ts'
import { startDevice } from '../virtual/virtualDevice.ts'
import { pushModuleTest, runModuleTest } from './runModuleTest.ts'

const STRESS_MARGIN_MS = 120_000
const tests = [
  'content',
  'refusals',
  'memory',
  'wrapfd',
  'io-error',
  'import',
  'protected-heaps',
  'udmabuf-bookkeeping',
  'udmabuf-limits',
  'allocation-failure',
  'kill-stress',
] as const

type TestOptions = { name: string; seconds: string; callers: string }

const program = new Command('module')
  .exitOverride()
  .description("The kernel module's tests, on the virtual device.")
program
  .command('test')
  .description('start the device, with the module where the test needs it, and run one test there')
  .addArgument(new Argument('<test>', 'which').choices(tests))
  .option('--name <name>', 'which device', DEFAULT_NAME)
  .option('--seconds <n>', 'kill-stress: how long', '60')
  .option('--callers <n>', 'kill-stress: how many at once', '200')
  .action(runTest)

async function runTest(test: string, options: TestOptions): Promise<void> {
  const seconds = wholeNumber(options.seconds)
  const numbers = test === 'kill-stress' ? [seconds, wholeNumber(options.callers)] : []
  // udmabuf is the kernel's own, and of interest where the module cannot be built.
  const device = await startDevice({ name: options.name, module: !test.startsWith('udmabuf-') })
  await pushModuleTest(device)
  const result = await runModuleTest(device, test, numbers, seconds * 1000 + STRESS_MARGIN_MS)
  process.stdout.write(result.stdout)
  process.exitCode = result.exitCode ?? 1
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text))
    fail('bad-input', `"${text}" is not a count`, 'Give a whole number above zero.')
  return Number(text)
}

try {
  await program.parseAsync()
} catch (thrown) {
  process.exitCode = exitCodeOf(thrown, 'module')
}
