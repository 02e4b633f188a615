import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

export const fileBytes = 8 * 2 ** 20
const imageBytes = 400 * 2 ** 20

/** A condition that cannot be had on this machine: a program is missing, the kernel or a container forbids it. */
export class NotHere extends Error {}

const lacking = /unknown filesystem type|unknown file ?system|not permitted|ENOENT|No such device/i

/** Runs a program to its end. @throws Error with what it said where it failed, {@link NotHere} for what is lacking. */
function mustRun(words: readonly string[]): string {
  const [program = '', ...args] = words
  const done = spawnSync(program, args, { encoding: 'utf8' })
  if (done.status === 0) return done.stdout
  const why = `${words.join(' ')}: ${done.stderr || (done.error?.message ?? `status ${done.status}`)}`
  throw lacking.test(why) ? new NotHere(why) : new Error(why)
}

/** One place where a condition is set up for real, and taken down again. */
export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-surroundings-'))
  readonly #undo: (() => void)[] = []
  #names = 0

  /** Undoes everything, the last first. What cannot be undone must not keep the rest. */
  takeDown(): void {
    for (const undo of this.#undo.reverse()) undo()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** Mounts at a new folder, with the words of mount(8) but for the folder. */
  mount(name: string, words: readonly string[]): string {
    const point = this.#path(name)
    mkdirSync(point)
    mustRun(['mount', ...words, point])
    this.#unmountLater(point)
    return point
  }

  loopMount(name: string, make: readonly string[], options: readonly string[] = []): string {
    const image = this.#image(name)
    mustRun([...make, image])
    return this.mount(name, ['-o', ['loop', ...options].join(','), image])
  }

  /** A file system on the machine's own disk has whatever the machine has: this one is known. */
  disk(): string {
    return this.loopMount('disk', ['mkfs.ext4', '-q', '-F'])
  }

  wideSectorMount(make: readonly string[]): string {
    const device = mustRun(['losetup', '-f', '--show', '--sector-size', '4096', this.#image('wide')]).trim()
    this.#undo.push(() => void spawnSync('losetup', ['-d', device]))
    mustRun([...make, device])
    return this.mount('wide', [device])
  }

  /** A file system that is made of a folder. */
  packedMount(
    name: string,
    make: (source: string, image: string) => readonly string[],
    fill: (folder: string) => string = folder => this.randomFile(folder),
  ): string {
    const source = this.#path(`${name}-source`)
    mkdirSync(source)
    fill(source)
    const image = this.#path(`${name}.img`)
    mustRun(make(source, image))
    return this.mount(name, ['-o', 'loop,ro', image])
  }

  randomFile(folder: string, name = 'random.bin', bytes = fileBytes): string {
    return this.#file(folder, name, randomBytes(bytes))
  }

  immutableFile(folder: string): string {
    const path = this.randomFile(folder)
    mustRun(['chattr', '+i', path])
    return path
  }

  textFile(folder: string): string {
    return this.#file(folder, 'text.bin', Buffer.alloc(fileBytes, 'all work and no play\n'))
  }

  /** Holes, with data in the middle. */
  sparseFile(folder: string, dataBytes: number, bytes = fileBytes): string {
    const path = join(folder, 'sparse.bin')
    const file = openSync(path, 'w')
    if (dataBytes > 0) writeSync(file, randomBytes(dataBytes), 0, dataBytes, bytes / 2)
    truncateSync(path, bytes)
    mustRun(['sync', path])
    return path
  }

  reservedFile(folder: string): string {
    const path = join(folder, 'reserved.bin')
    mustRun(['fallocate', '-l', `${fileBytes}`, path])
    mustRun(['sync', path])
    return path
  }

  renamed(path: string, name: Buffer): Buffer {
    const to = Buffer.concat([Buffer.from(`${dirname(path)}/`), name])
    renameSync(path, to)
    return to
  }

  /** The file lies in the lower layer, as one of a container's image does. */
  overlayFile(): string {
    const disk = this.disk()
    for (const layer of ['lower', 'upper', 'work']) mkdirSync(join(disk, layer))
    this.randomFile(join(disk, 'lower'))
    const layers = `lowerdir=${disk}/lower,upperdir=${disk}/upper,workdir=${disk}/work`
    return join(this.mount('overlay', ['-t', 'overlay', 'overlay', '-o', layers]), 'random.bin')
  }

  bindFile(file: string, folder: string): string {
    const point = join(folder, 'bound.bin')
    writeFileSync(point, '')
    mustRun(['mount', '--bind', file, point])
    this.#unmountLater(point)
    return point
  }

  async bindfsFile(): Promise<string> {
    const point = this.#path('bindfs')
    mkdirSync(point)
    this.randomFile(this.folder)
    return this.#fuseFile(['bindfs', '-f', this.folder, point], point, 'random.bin')
  }

  async oddFuse(mode: string): Promise<string> {
    const program = join(this.folder, 'odd-fuse')
    const source = join(import.meta.dirname, '../../device/agent/test/odd_fuse.c')
    const fuse = mustRun(['pkg-config', '--cflags', '--libs', 'fuse3']).trim().split(/\s+/)
    mustRun(['gcc', '-std=c11', '-Wall', '-Wextra', '-Werror', '-o', program, source, ...fuse])
    const point = this.#path('odd')
    mkdirSync(point)
    return this.#fuseFile([program, mode, this.randomFile(this.folder), point], point, 'file')
  }

  /** Maps the file and touches every page, as a running model server does. */
  async holdMapped(file: string): Promise<void> {
    const held = this.#path('held')
    const script = `import mmap, time
f = open(${JSON.stringify(file)}, 'rb'); m = mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ)
sum(m[i] for i in range(0, len(m), 4096)); open(${JSON.stringify(held)}, 'w'); time.sleep(3600)`
    this.#spawn(['python3', '-c', script])
    await until(() => existsSync(held))
  }

  /** Goes on until the condition is taken down. */
  beside(script: string): void {
    this.#spawn(['bash', '-c', script])
  }

  /** The words that start a program in a control group with so much memory. */
  throughMemoryLimit(bytes: number): string[] {
    const version1 = '/sys/fs/cgroup/memory'
    const isVersion1 = existsSync(version1)
    const name = `dmabuf-lab-surroundings-${process.pid}-${this.#names}`
    if (!isVersion1) appendFileSync('/sys/fs/cgroup/cgroup.subtree_control', '+memory')
    const group = join(isVersion1 ? version1 : '/sys/fs/cgroup', name)
    mkdirSync(group)
    this.#undo.push(() => void spawnSync('rmdir', [group]))
    writeFileSync(join(group, isVersion1 ? 'memory.limit_in_bytes' : 'memory.max'), `${bytes}`)
    return ['bash', '-c', `echo $$ > ${group}/cgroup.procs; exec "$@"`, '--']
  }

  #path(name: string): string {
    this.#names += 1
    return join(this.folder, `${this.#names}-${name}`)
  }

  #image(name: string): string {
    const image = this.#path(`${name}.img`)
    writeFileSync(image, '')
    truncateSync(image, imageBytes)
    return image
  }

  #file(folder: string, name: string, content: Buffer): string {
    const path = join(folder, name)
    writeFileSync(path, content)
    mustRun(['sync', path])
    return path
  }

  async #fuseFile(words: readonly string[], point: string, name: string): Promise<string> {
    this.#spawn(words)
    this.#unmountLater(point)
    const file = join(point, name)
    await until(() => existsSync(file))
    return file
  }

  #unmountLater(point: string): void {
    this.#undo.push(() => void spawnSync('umount', ['-l', point]))
  }

  #spawn(words: readonly string[]): ChildProcess {
    const [program = '', ...args] = words
    const child = spawn(program, args, { stdio: 'ignore', detached: true })
    this.#undo.push(() => void endGroup(child))
    return child
  }
}

/** With what it has started itself. */
function endGroup({ pid, exitCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

const patienceMs = 60_000

async function until(isSo: () => boolean): Promise<void> {
  const lastMs = performance.now() + patienceMs
  while (!isSo()) {
    if (performance.now() > lastMs) throw new Error('a condition could not be set up within a minute')
    await delay(20)
  }
}

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

/** A program's end with all that it said. Words may be bytes of any kind, which only a shell passes on. */
export async function runToEnd(words: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const [program = '', ...args] = words
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr] = await Promise.all([
    child.stdout.setEncoding('utf8').toArray(),
    child.stderr.setEncoding('utf8').toArray(),
    once(child, 'close'),
  ])
  return { code: child.exitCode, stdout: stdout.join(''), stderr: stderr.join('') }
}
