import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CommandProcess } from './fixtures/commandProcess.ts'
import { runLab, SpawnedLab } from './fixtures/spawnLab.ts'
import { productDirectory } from './productDirectory.ts'

let home: string
let commands: CommandProcess

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'dmabuf-lab-cli-'))
  commands = new CommandProcess(home)
})

afterAll(() => {
  commands.close()
  rmSync(home, { recursive: true })
})

describe('what cannot be understood exits with 2 and says why', () => {
  test.each([
    [['nonsense'], 'unknown command'],
    [['run', '--frobnicate'], 'unknown option'],
    [['runn'], 'Did you mean one of run, runs?'],
    [['run', '--schemes', 'quick'], 'There is no scheme "quick"'],
    [['run', '--schemes', 'memfd-dierct'], 'Did you mean memfd-direct?'],
    [['predict', '--profile', 'ufs4-phone-2042'], 'Did you mean ufs4-phone-2024?'],
    [['run', '--sizes', '0'], 'not above zero'],
    [['run', '--sizes', '-8MiB'], 'not above zero'],
    [['run', '--sizes', '8 parsecs'], 'is not a size'],
    [['run', '--sizes', '1,5MiB'], 'Write 1.5MiB for one size, or 1B,5MiB for two'],
    [['run', '--sizes', '8MiB,2,5GiB'], 'Write 2.5GiB for one size'],
    [['run', '--sizes', '8MB'], 'Write 8MiB, which is 8388608 bytes, or 8000000 for so many bytes'],
    [['run', '--sizes', '8MiB', '--gather', '1,5MiB'], 'Write 1.5MiB'],
    [['run'], '--sizes: choose at least one size'],
    [['run', '--sizes', '8MiB,8MiB'], 'a size is named twice'],
    [['run', '--sizes', '8MiB', '--repeats', 'many'], 'whole number'],
    [['run', '--sizes', '8MiB', '--repeats', '0'], '--repeats: a whole number from 1 to 1000'],
    [['run', '--sizes', '8MiB', '--readers', '65'], '--readers: a whole number from 1 to 64'],
    [['run', '--sizes', '8MiB', '--cool', '5'], '--cool: from 20 to 120 °C'],
    [['runs', '--db', ''], 'db: name a file'],
    [['run', '--sizes', '8MiB', '--gather', '5000'], '--gather: a gather is a whole number of 4KiB pages'],
    [['run', '--sizes', '8MiB', '--gather', '16MiB'], '--gather: a gather of 16MiB is larger than the file'],
    [['run', '--sizes', '8MiB', '--csv', 'no/such/folder/out.csv'], 'out.csv cannot be written: ENOENT'],
    [['run', '--sizes', '8MiB', '--csv', '.'], '. cannot be written: EISDIR'],
    [['resume', '1', '--csv', '/proc/out.csv'], '/proc/out.csv cannot be written'],
    [['run', '--sizes', '8MiB', '--target', 'phone'], 'a target is local'],
    [['show', 'first'], 'named by its number'],
    [['show', '7'], 'there is no run 7'],
    [['resume', '7'], 'there is no run 7'],
    [['delete', '7'], 'there is no run 7'],
    [['abandon', '7'], 'two may measure at once'],
    [['abandon', '7', '--yes'], 'there is no run 7'],
    [['abandon', 'local', '--yes'], 'nobody measures on local'],
    [['abandon', 'phone', '--yes'], 'named by its number'],
    [['compare', '7', '8'], 'there is no run 7'],
    [['export', '7'], "'--format <format>' not specified"],
    [['export', '7', '--format', 'xls'], "'xls' is invalid"],
    [['import', 'none.json'], 'cannot be read'],
    [['serve', '--port', '70000'], 'from 0 to 65535'],
  ])('%j: %s', async (args, words) => {
    const { code, stdout, stderr } = await commands.run(...args)
    expect(stderr).toContain(words)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect([code, stdout]).toEqual([2, ''])
  })

  test('without repeating what is too long', async () => {
    const { code, stderr } = await commands.run('note', '1', '\u001b[2J'.repeat(5000))
    expect([code, stderr]).toEqual([2, expect.stringContaining('a note has at most 10,000 characters')])
    expect(stderr.length).toBeLessThan(5000)
    expect(stderr).not.toContain('\u001b')
  })

  test('and the history stays empty', async () => {
    expect(JSON.parse((await commands.run('runs', '--json')).stdout)).toEqual([])
  })

  test('as a process of its own says it', async () => {
    const { code, stdout, stderr } = await runLab(home, 'runn')
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining('Did you mean one of run, runs?')])
  })
})

test('a file that results would go to is left as it is when the run is refused', async () => {
  writeFileSync(join(home, 'old.csv'), 'old')
  for (const file of ['old.csv', 'new.csv']) {
    const { code } = await commands.run('run', '--sizes', '8MiB', '--target', 'sim:none', '--csv', file)
    expect(code).toBe(2)
  }
  expect(readFileSync(join(home, 'old.csv'), 'utf8')).toBe('old')
  expect(readdirSync(home)).not.toContain('new.csv')
})

test.each(['--help', '--version'])('%s is a result', async option => {
  const { code, stdout, stderr } = await runLab(home, option)
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout.trim()).not.toBe('')
})

describe('a completion script', () => {
  const script = async (shell: string) => (await commands.run('completion', shell)).stdout
  const completed = async (line: string) => {
    const words = line.split(' ')
    const ask = [
      await script('bash'),
      `COMP_WORDS=(${words.map(word => `'${word}'`).join(' ')})`,
      `COMP_CWORD=${words.length - 1}`,
      `_dmabuf_lab lab '${words.at(-1)}' '${words.at(-2)}'`,
      `echo "\${COMPREPLY[*]}"`,
    ].join('\n')
    return execFileSync('bash', ['-c', ask], { encoding: 'utf8' }).trim()
  }

  test('knows commands, their options, and the last of a list of schemes', async () => {
    expect(await completed('lab exp')).toBe('export')
    expect(await completed('lab run --warm')).toBe('--warmups')
    expect(await completed('lab run --schemes normal,udmabuf-g')).toBe('normal,udmabuf-gather-direct')
  })

  test('has every command of the help in every shell', async () => {
    const help = (await commands.run('--help')).stdout
    const names = [...help.matchAll(/^ {2}([a-z]+) .*$/gm)].map(([, name]) => name ?? '')
    expect(names).toContain('completion')
    for (const shell of ['bash', 'zsh', 'fish']) {
      const text = await script(shell)
      expect(names.filter(name => name !== 'help' && !text.includes(name))).toEqual([])
    }
  })
})

test('a file that is no export is refused with what is wrong', async () => {
  writeFileSync(join(home, 'bad.json'), '{"schemaVersion":1,"run":3}')
  const { code, stderr } = await commands.run('import', 'bad.json')
  expect(code).toBe(2)
  expect(stderr).toContain('run:')
})

test('a data folder that cannot be one is said in a sentence', async () => {
  writeFileSync(join(home, 'file'), '')
  const { code, stderr } = await new SpawnedLab(home, ['runs'], { DMABUF_LAB_HOME: join(home, 'file') }).ended
  expect(code).toBe(1)
  expect(stderr).toMatch(/^error: .*file/)
  expect(stderr).not.toMatch(/\n\s+at /)
})

test('a folder that takes no folders is said in a sentence, at once', async () => {
  const { code, stderr } = await commands.run('runs', '--db', '/proc/nowhere/deep/lab.db')
  expect(code).toBe(1)
  expect(stderr).toMatch(/^error: \/proc\/nowhere\/deep\/lab.db cannot be used: ENOENT: no such/)
})

test('a result that cannot be written is said in a sentence', async () => {
  const full = openSync('/dev/full', 'w')
  const { code, stderr } = await new SpawnedLab(home, ['runs'], {}, full).ended
  closeSync(full)
  expect(code).toBe(1)
  expect(stderr).toMatch(/^error: the result cannot be written: ENOSPC/)
  expect(stderr).not.toMatch(/\n\s+at /)
})

test('a damaged database is kept aside, named, and never overwritten', async () => {
  const folder = mkdtempSync(join(home, 'damaged-'))
  const garbage = 'no database at all '.repeat(1000)
  writeFileSync(join(folder, 'lab.db'), garbage)
  const { code, stderr } = await runLab(folder, 'runs')
  expect(code).toBe(0)
  const aside = readdirSync(folder).find(name => name.includes('corrupt')) ?? ''
  expect(stderr).toContain(aside)
  expect(readFileSync(join(folder, aside), 'utf8')).toBe(garbage)
})

test('a file that --db names and that is no database stays where it is', async () => {
  const file = join(home, 'notes.txt')
  writeFileSync(file, 'no database at all')
  const { code, stderr } = await commands.run('runs', '--db', file)
  expect([code, stderr]).toEqual([2, expect.stringContaining(`${file} is not a database`)])
  expect(readFileSync(file, 'utf8')).toBe('no database at all')
  expect(readdirSync(home).filter(name => name.startsWith('notes'))).toEqual(['notes.txt'])
})

test('--db selects the database', async () => {
  const { code } = await commands.run('runs', '--db', join(home, 'other', 'mine.db'))
  expect(code).toBe(0)
  expect(readdirSync(join(home, 'other'))).toContain('mine.db')
})

test('through npm, a relative path means the folder of the caller', async () => {
  const folder = mkdtempSync(join(home, 'caller-'))
  const npm = spawn('npm', ['--prefix', productDirectory, 'run', 'lab', '--', 'runs', '--db', 'mine.db'], {
    cwd: folder,
    stdio: 'ignore',
  })
  const [code] = await once(npm, 'close')
  expect([code, readdirSync(folder)]).toEqual([0, expect.arrayContaining(['mine.db'])])
})

test('a reader that leaves is no error', async () => {
  const lab = new SpawnedLab(home, ['--help'])
  lab.process.stdout?.destroy()
  const { code, stderr } = await lab.ended
  expect([code, stderr]).toEqual([0, ''])
})
