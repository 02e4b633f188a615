import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { fail } from '../../contract/error.ts'
import { formatSize, MiB, parseSize } from '../../contract/size.ts'
import { playedText } from '../lockdep/playedScenarios.ts'
import { playFiles } from '../lockdep/playFiles.ts'
import { adbEnvironment } from './adbProgram.ts'
import type { BootOptions } from './bootOptions.ts'
import type { DataFileSystem } from './dataImage.ts'
import { dataFileSystems } from './dataImage.ts'
import type { DeviceState } from './deviceState.ts'
import { DEFAULT_NAME } from './deviceState.ts'
import { EXIT_FAILED, EXIT_UNAVAILABLE, exitCodeOf } from './exitCode.ts'
import type { GuestArch } from './guestArch.ts'
import { guestArches } from './guestArch.ts'
import type { KernelFlavour } from './guestKernel.ts'
import { kernelFlavours } from './guestKernel.ts'
import type { GuestUser } from './guestPhone.ts'
import { guestUsers } from './guestPhone.ts'
import type { DiskKind } from './qemuCommand.ts'
import { diskKinds } from './qemuCommand.ts'
import { VENDOR_FILE_SYSTEM, VENDOR_PATH } from './vendorImage.ts'
import type { DeviceStatus, VirtualDevice } from './virtualDevice.ts'
import { deviceStatus, runningDevice, startDevice, stopDevice } from './virtualDevice.ts'

const pageSizes = ['4k', '16k'] as const
type PageSize = (typeof pageSizes)[number]

type CommonOptions = { name: string; json?: true }
type StartOptions = CommonOptions & {
  port?: number
  adbPort?: number
  disk?: DiskKind
  diskBps?: number
  diskLatencyMs?: number
  memory?: number
  dataSize?: number
  data?: DataFileSystem
  dataOptions?: string
  vendor?: string
  arch?: GuestArch
  pages?: PageSize
  flavour?: KernelFlavour
  kernel?: string
  kernelModules?: string
  kernelArgs?: string
  module?: true
  user?: GuestUser
  memoryCgroup?: number
  deny?: string[]
}

function build(): Command {
  const program = new Command('device')
    .enablePositionalOptions()
    .exitOverride()
    .description('A virtual adb device with real dma-bufs, in QEMU.')
  withCommonOptions(program.command('start').description('boot the device, or find it running'))
    .option('--port <port>', 'loopback port of the device', parsePort)
    .option('--adb-port <port>', "port of the device's own adb server", parsePort)
    .addOption(new Option('--disk <kind>', 'the data disk; virtio unless told').choices(diskKinds))
    .option('--disk-bps <bytes>', 'its read ceiling, bytes per second', parseCount)
    .option('--disk-latency-ms <ms>', 'what each of its reads takes at least', parseCount)
    .option('--memory <MiB>', 'memory of the guest in MiB', parseCount)
    .option('--data-size <size>', 'size of the data disk, such as 8GiB', parseBytes)
    .addOption(new Option('--data <name>', 'its file system; ext4 unless told').choices(dataFileSystems))
    .option('--data-options <text>', 'its mount options, such as checkpoint=disable or inlinecrypt')
    .option(
      '--vendor <folder>',
      'a folder to be found at /vendor, read-only on erofs, as phones have it',
      parseFolder,
    )
    .addOption(archOption())
    .addOption(pagesOption())
    .addOption(flavourOption())
    .option('--kernel <file>', 'boot this kernel (bzImage) in place of a flavour')
    .option('--kernel-modules <folder>', 'its modules, where not all it needs is built in')
    .option('--kernel-args <text>', "added to the kernel's command line")
    .option('--module', 'build and load the kernel module')
    .addOption(new Option('--user <name>', 'whom adb lets in; root unless told').choices(guestUsers))
    .option('--memory-cgroup <size>', "limit of adb's processes together, such as 256MiB", parseBytes)
    .option(
      '--deny <paths>',
      'what the user shell may not open, such as /dev/udmabuf,/sys/module',
      parsePaths,
    )
    .action(start)
  withCommonOptions(program.command('stop').description('end the emulator and its adb server')).action(stop)
  withCommonOptions(program.command('status').description('what runs now')).action(status)
  program
    .command('shell')
    .description('a shell on the device, or one command')
    .option('--name <name>', 'which device', DEFAULT_NAME)
    .argument('[command...]')
    .passThroughOptions()
    .action(shell)
  withCommonOptions(
    program
      .command('locks')
      .description(
        'play scenarios of locks and fences to the lockdep of a running device, beside what is predicted',
      )
      .argument('[scenario...]', 'JSON files; all of locks/examples unless told'),
  ).action(locks)
  return program
}

function archOption(): Option {
  return new Option('--arch <name>', 'processor; amd64 unless told, arm64 builds its kernel the first time')
    .choices(guestArches)
    .conflicts(['kernel', 'flavour'])
}

function pagesOption(): Option {
  return new Option('--pages <size>', 'page size of an arm64 device; 4k unless told')
    .choices(pageSizes)
    .conflicts(['kernel', 'flavour'])
}

function flavourOption(): Option {
  return new Option('--flavour <name>', 'which kernel; cloud unless told')
    .choices(kernelFlavours)
    .conflicts('kernel')
}

function withCommonOptions(command: Command): Command {
  return command.option('--name <name>', 'which device', DEFAULT_NAME).option('--json', 'answer in JSON')
}

async function start(options: StartOptions): Promise<void> {
  const device = await startDevice({
    name: options.name,
    ...(options.port === undefined ? {} : { devicePort: options.port }),
    ...(options.adbPort === undefined ? {} : { adbServerPort: options.adbPort }),
    ...(options.diskBps === undefined ? {} : { diskBytesPerSecond: options.diskBps }),
    ...(options.memory === undefined ? {} : { memoryMiB: options.memory }),
    ...(options.dataSize === undefined ? {} : { dataBytes: options.dataSize }),
    ...(options.data === undefined ? {} : { dataFileSystem: options.data }),
    ...(options.dataOptions === undefined ? {} : { dataMountOptions: options.dataOptions }),
    ...(options.vendor === undefined ? {} : { vendorFolder: options.vendor }),
    ...(options.disk === undefined ? {} : { disk: options.disk }),
    ...(options.diskLatencyMs === undefined ? {} : { diskLatencyMs: options.diskLatencyMs }),
    ...userOf(options),
    ...(options.kernelArgs === undefined ? {} : { kernelArguments: options.kernelArgs }),
    ...flavourOf(options),
    ...ownKernelOf(options),
    module: options.module ?? false,
  })
  if (device.wasRunning)
    process.stderr.write('It was already running; of the options only --module has an effect.\n')
  print(options, await deviceStatus(options.name))
}

function flavourOf({ arch, pages, flavour }: StartOptions): Pick<BootOptions, 'flavour'> {
  if (arch === 'arm64') return { flavour: `arm64-${pages ?? '4k'}` }
  if (pages !== undefined && pages !== '4k')
    fail('bad-input', `x86-64 has no pages of ${pages}`, 'Add --arch arm64.')
  return flavour === undefined ? {} : { flavour }
}

function userOf({
  user,
  memoryCgroup,
  deny,
}: StartOptions): Pick<BootOptions, 'user' | 'memoryGroupBytes' | 'deniedPaths'> {
  return {
    ...(user === undefined ? {} : { user }),
    ...(memoryCgroup === undefined ? {} : { memoryGroupBytes: memoryCgroup }),
    ...(deny === undefined ? {} : { deniedPaths: deny }),
  }
}

function ownKernelOf({ kernel, kernelModules }: StartOptions): Pick<BootOptions, 'ownKernel'> {
  if (kernel !== undefined) return { ownKernel: { file: kernel, modulesFolder: kernelModules ?? null } }
  if (kernelModules === undefined) return {}
  fail('bad-input', '--kernel-modules is of no use without --kernel', 'Give the kernel they belong to.')
}

async function stop(options: CommonOptions): Promise<void> {
  const wasRunning = await stopDevice(options.name)
  const reason = wasRunning ? 'stopped' : 'not started'
  print(options, { running: false, name: options.name, reason })
}

async function status(options: CommonOptions): Promise<void> {
  const now = await deviceStatus(options.name)
  print(options, now)
  if (!now.running) process.exitCode = EXIT_UNAVAILABLE
}

async function shell(words: string[], options: { name: string }): Promise<void> {
  const device = await requireDevice(options.name)
  const child = spawn(device.adb.program, ['-s', device.serial, 'shell', ...words], {
    stdio: 'inherit',
    env: adbEnvironment(device.adb),
  })
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => resolve(code ?? EXIT_FAILED))
  })
}

async function locks(files: string[], options: CommonOptions): Promise<void> {
  const device = await requireDevice(options.name)
  for await (const played of playFiles(device, files)) {
    process.stdout.write(`${options.json ? JSON.stringify(played) : playedText(played)}\n`)
    if (!played.same) process.exitCode = EXIT_FAILED
  }
}

async function requireDevice(name: string): Promise<VirtualDevice> {
  const device = await runningDevice(name)
  return device ?? fail('target-unavailable', `the device "${name}" does not run`, 'npm run device -- start')
}

function print(options: CommonOptions, now: DeviceStatus): void {
  process.stdout.write(options.json ? `${JSON.stringify(now)}\n` : statusText(now))
}

function statusText(now: DeviceStatus): string {
  if (!now.running) return `${now.name}: not running (${now.reason})\n`
  const { state, moduleLoaded } = now
  return [
    `${now.name}: ${now.answering ? 'ready' : 'running, but adb does not answer'}`,
    `  target   adb:${state.serial}`,
    `  adb      ANDROID_ADB_SERVER_PORT=${state.adbServerPort} ${state.adbProgram} -s ${state.serial} shell`,
    `  kernel   ${state.kernelRelease} (${state.arch}), module ${moduleLoaded ? 'loaded' : 'not loaded'}`,
    ...(state.kernelBuildTree === null ? [] : [`  built in ${state.kernelBuildTree}`]),
    `  user     ${userText(state)}`,
    `  memory   ${formatSize(state.memoryMiB * MiB)}`,
    `  disk     ${diskText(state)}`,
    ...(state.vendorFolder === null
      ? []
      : [`  ${VENDOR_PATH}  ${VENDOR_FILE_SYSTEM}, read-only, made of ${state.vendorFolder}`]),
    `  emulator process ${state.emulator.pid}, started ${state.startedAt}`,
    '',
  ].join('\n')
}

function userText({ user, memoryGroupBytes, deniedPaths }: DeviceState): string {
  const limit = memoryGroupBytes === null ? [] : [`at most ${formatSize(memoryGroupBytes)} of memory`]
  const denied = deniedPaths.length === 0 ? [] : [`denied ${deniedPaths.join(' ')}`]
  return [user, ...limit, ...denied].join(', ')
}

function diskText({ disk, dataFileSystem, diskBytesPerSecond, diskLatencyMs }: DeviceState): string {
  const speed = diskBytesPerSecond === null ? 'no ceiling' : `reads at most ${diskBytesPerSecond} bytes/s`
  const latency = diskLatencyMs === null ? [] : [`each read ${diskLatencyMs} ms`]
  return [disk, dataFileSystem, speed, ...latency].join(', ')
}

/** An empty word, as of a variable that is not set, would be the folder of the call. */
function parseFolder(text: string): string {
  if (text === '') throw new InvalidArgumentError('a folder, and not an empty word')
  return resolve(text)
}

function parsePort(text: string): number {
  const port = parseCount(text)
  if (port > 65535) throw new InvalidArgumentError('a port is 1 to 65535')
  return port
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('a whole number above zero')
  return Number(text)
}

function parsePaths(text: string): string[] {
  return text.split(',').filter(path => path !== '')
}

function parseBytes(text: string): number {
  return parseSize(text)
}

try {
  await build().parseAsync()
} catch (thrown) {
  process.exitCode = exitCodeOf(thrown, 'device')
}
