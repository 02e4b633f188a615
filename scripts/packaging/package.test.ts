import { execFileSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getRawHeader, listPackage } from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { agentFile } from '../../engine/targets/agentBinaries.ts'
import { packedAgents } from '../../main/lab/packedAgents.ts'
import { importedPackages, mainImports, preloadRequires } from './bundleImports.ts'
import { agentMachines } from './stageApp.ts'
import { makeStandInRuntime } from './testing/standInRuntime.ts'

const root = join(import.meta.dirname, '..', '..')
const noBundle = !existsSync(join(root, 'out', 'main', 'index.js'))
const noAgents = agentMachines.some(
  machine => !existsSync(join(root, 'out', 'agent', `dmabuf-lab-agent-${machine}`)),
)
const noDpkg = !existsSync('/usr/bin/dpkg-deb')

describe.skipIf(noBundle)('the bundle (skipped where it is not built)', () => {
  test('its preloads require nothing but electron: a sandboxed one can load no file beside itself', () => {
    expect(preloadRequires(join(root, 'out', 'preload', 'index.cjs'))).toEqual(['electron'])
    expect(preloadRequires(join(root, 'out', 'preload', 'hosted.cjs'))).toEqual([])
  })

  test('what it imports is Node, Electron or a production dependency', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const production = Object.keys(
      z.object({ dependencies: z.record(z.string(), z.string()) }).parse(manifest).dependencies,
    )
    expect(importedPackages(root).filter(name => !production.includes(name))).toEqual([])
    const entry = mainImports(root).filter(({ file }) => file === join('out', 'main', 'index.js'))
    expect(entry.map(({ name }) => name)).not.toContain('better-sqlite3')
  })

  test('it opens nothing outside of the lab, and loads no page from a file', () => {
    for (const file of globSync('out/main/**/*.js', { cwd: root })) {
      const text = readFileSync(join(root, file), 'utf8')
      expect(/openExternal|openPath|\.loadFile\(|file:\/\/|--no-sandbox/.test(text), file).toBe(false)
    }
  })

  test('it names no path of the machine that built it, and no address of a development server', () => {
    for (const file of globSync('out/{main,preload,renderer}/**/*.{js,cjs,html}', { cwd: root })) {
      const text = readFileSync(join(root, file), 'utf8')
      expect(text.includes(root), `${file} names ${root}`).toBe(false)
      expect(/localhost:5173|ELECTRON_RENDERER_URL|sourceMappingURL=/.test(text), file).toBe(false)
    }
  })
})

const cannot = noBundle || noAgents || noDpkg

describe.skipIf(cannot)(
  'the .deb (skipped without the bundle, both agents or dpkg-deb)',
  { timeout: 300_000 },
  () => {
    let folder: string
    let file: string
    let app: string
    let resources: string
    const run = (program: string, ...args: string[]) =>
      execFileSync(program, args, { encoding: 'utf8', maxBuffer: 64e6 })

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-package-'))
      makeStandInRuntime(join(folder, 'runtime'), '45.4.1')
      const args = [
        join(root, 'scripts', 'package.ts'),
        '--runtime',
        join(folder, 'runtime'),
        '--dest',
        join(folder, 'made'),
        '--compression',
        'none',
      ]
      file = run(process.execPath, ...args).trim()
      run('dpkg-deb', '-x', file, join(folder, 'installed'))
      app = join(folder, 'installed', 'usr', 'lib', 'dmabuf-lab')
      resources = join(app, 'resources')
    }, 300_000)
    afterAll(() => rmSync(folder, { recursive: true, force: true }))

    test('is named, needs the C library of its agents, and says what it is', () => {
      expect(file).toMatch(/dmabuf-lab_\d+\.\d+\.\d+_(amd64|arm64)\.deb$/)
      const control = run('dpkg-deb', '-f', file)
      expect(control).toMatch(/^Package: dmabuf-lab$/m)
      for (const needed of ['libgtk-3-0', 'libc6 (>= 2.34)', 'libstdc++6'])
        expect(/^Depends: (.*)$/m.exec(control)?.[1]?.split(', ').join(' , ')).toContain(needed)
    })

    test('installs a program, a setuid sandbox helper that belongs to root, and a menu entry for links and runs', () => {
      const listing = run('dpkg-deb', '-c', file)
      expect(listing).toMatch(/^-rwsr-xr-x root\/root .*\.\/usr\/lib\/dmabuf-lab\/chrome-sandbox$/m)
      expect(listing).toMatch(/^-rwxr-xr-x root\/root .*\.\/usr\/lib\/dmabuf-lab\/dmabuf-lab$/m)
      expect(listing).toMatch(/^-rwxr-xr-x root\/root .*\.\/usr\/bin\/dmabuf-lab$/m)
      const setuid = listing.split('\n').filter(line => /^-..[sS]|^-.....[sS]/.test(line))
      expect(setuid).toHaveLength(1)
      const entry = readFileSync(
        join(folder, 'installed', 'usr/share/applications/dmabuf-lab.desktop'),
        'utf8',
      )
      expect(entry).toContain('Exec=dmabuf-lab %U')
      expect(entry).toContain('MimeType=x-scheme-handler/dmabuf-lab;application/x-dmabuf-lab-run+json;')
      for (const icon of [
        '16x16/apps/dmabuf-lab.png',
        '512x512/apps/dmabuf-lab.png',
        'scalable/apps/dmabuf-lab.svg',
      ])
        expect(listing).toContain(`usr/share/icons/hicolor/${icon}`)
      expect(listing).toContain('usr/share/mime/packages/dmabuf-lab.xml')
    })

    test('brings the AppArmor profile that its script loads where AppArmor can read it', () => {
      const profile = readFileSync(join(folder, 'installed', 'usr/share/dmabuf-lab/apparmor-profile'), 'utf8')
      expect(profile).toContain('profile dmabuf-lab /usr/lib/dmabuf-lab/dmabuf-lab flags=(unconfined)')
      expect(profile).toMatch(/^\s+userns,$/m)
      run('dpkg-deb', '-e', file, join(folder, 'control'))
      for (const script of ['postinst', 'prerm']) {
        expect(statSync(join(folder, 'control', script)).mode & 0o111).not.toBe(0)
        run('sh', '-n', join(folder, 'control', script))
      }
    })

    test('has an archive of the size that is loaded: no sources, no Node, and nothing that can be started', () => {
      const archive = join(resources, 'app.asar')
      const names = listPackage(archive, { isPack: false })
      expect(statSync(archive).size).toBeLessThan(9e6)
      expect(names.filter(name => /\.(ts|tsx|c|h|map)$|node-linux|\/react(-dom)?\//.test(name))).toEqual([])
      for (const name of [
        '/out/main/index.js',
        '/out/main/engineWorker.js',
        '/out/main/findingsWorker.js',
        '/out/main/checkWorker.js',
        '/out/preload/index.cjs',
        '/package.json',
        '/out/agentHashes.json',
      ]) {
        expect(names).toContain(name)
      }
      const { inside, unpacked } = filesOf(getRawHeader(archive).header)
      expect(inside.filter(each => each.executable)).toEqual([])
      expect(unpacked.map(each => each.path)).toEqual([
        `node_modules/better-sqlite3/prebuilds/${process.platform}-${process.arch}.node`,
      ])
      expect(existsSync(join(resources, 'app.asar.unpacked', unpacked[0]?.path ?? ''))).toBe(true)
      expect(existsSync(join(resources, 'default_app.asar'))).toBe(false)
    })

    test('has a terminal that runs here, without a display and as root, on the Node and the agent that it brings', () => {
      const command = join(folder, 'installed', 'usr', 'bin', 'dmabuf-lab')
      const env = { PATH: '/usr/bin:/bin', HOME: folder, DMABUF_LAB_HOME: join(folder, 'home') }
      const lab = (...words: string[]) =>
        execFileSync(command, words, {
          encoding: 'utf8',
          env,
          cwd: folder,
          stdio: ['ignore', 'pipe', 'pipe'],
        })
      const { version } = z
        .object({ version: z.string() })
        .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
      expect(lab('--version')).toBe(`${version}\n`)
      lab('run', '--target', 'local', '--schemes', 'memfd-direct', '--sizes', '1MiB', '--repeats', '2')
      const { run: kept } = z
        .object({ run: z.object({ status: z.string() }) })
        .parse(JSON.parse(lab('export', '1', '--format', 'json')))
      expect(kept.status).toBe('finished')
      const checkout = (...words: string[]) =>
        execFileSync(process.execPath, [join(root, 'main', 'cli', 'index.ts'), ...words], {
          encoding: 'utf8',
          env: { ...process.env, ...env },
        })
      expect(lab('show', '1')).toBe(checkout('show', '1'))
    })

    test('has both agents beside it, whose hashes the archive knows, and one of them runs', () => {
      run(
        process.execPath,
        join(root, 'node_modules', '@electron', 'asar', 'bin', 'asar.mjs'),
        'extract',
        join(resources, 'app.asar'),
        join(folder, 'extracted'),
      )
      const { directory, hashes } = packedAgents(join(folder, 'extracted', 'out'), resources)
      const options = { agentDirectory: directory, agentHashes: { ...hashes } }
      for (const machine of agentMachines)
        expect(agentFile(options, machine)).toBe(join(directory, `dmabuf-lab-agent-${machine}`))
      const machine = process.arch === 'x64' ? 'x86_64' : 'aarch64'
      const said = run(agentFile(options, machine), 'version')
      expect(JSON.parse(said.trim().split('\n').at(-1) ?? '')).toMatchObject({ type: 'version' })
      execFileSync('sh', ['-c', `printf x >> '${join(directory, `dmabuf-lab-agent-${machine}`)}'`])
      expect(() => agentFile(options, machine)).toThrow('is not the agent that was packed')
    })

    test('has the fuses set that keep its program from being something else', async () => {
      const wire = await getCurrentFuseWire(join(app, 'dmabuf-lab'))
      const off = [
        FuseV1Options.RunAsNode,
        FuseV1Options.EnableNodeOptionsEnvironmentVariable,
        FuseV1Options.EnableNodeCliInspectArguments,
        FuseV1Options.GrantFileProtocolExtraPrivileges,
      ]
      const on = [FuseV1Options.EnableEmbeddedAsarIntegrityValidation, FuseV1Options.OnlyLoadAppFromAsar]
      expect(off.map(fuse => wire[fuse])).toEqual(off.map(() => '0'.charCodeAt(0)))
      expect(on.map(fuse => wire[fuse])).toEqual(on.map(() => '1'.charCodeAt(0)))
    })

    test('brings the sources of module and loader, the licences and the bill of materials of all that is shipped', () => {
      for (const name of [
        'module/lab_device.c',
        'module/Kbuild',
        'loader/dmabuf_loader.c',
        'loader/dmabuf_loader.h',
      ]) {
        expect(existsSync(join(resources, name)), name).toBe(true)
      }
      const bill = JSON.parse(readFileSync(join(resources, 'licences', 'sbom.cdx.json'), 'utf8'))
      const { components } = z
        .object({ components: z.array(z.object({ name: z.string(), version: z.string() })) })
        .parse(bill)
      const shipped = components.map(({ name }) => name)
      expect(shipped).toEqual(
        expect.arrayContaining([
          'electron',
          'better-sqlite3',
          'react',
          'chart.js',
          ...importedPackages(root),
        ]),
      )
      expect(shipped).not.toContain('typescript')
      const licences = readFileSync(join(resources, 'licences', 'LICENCES.txt'), 'utf8')
      expect(shipped).toContain('node')
      expect(licences).toContain(`Node.js ${process.versions.node}`)
      const separate = ['electron', 'node']
      for (const name of shipped.filter(each => !separate.includes(each)))
        expect(licences).toContain(`${name} `)
    })
  },
)

type ArchiveFile = { readonly path: string; readonly executable: boolean }

/** The files of an archive's header, and those that lie beside it. */
function filesOf(header: unknown, above = ''): { inside: ArchiveFile[]; unpacked: ArchiveFile[] } {
  const entrySchema = z.object({
    files: z.record(z.string(), z.unknown()).optional(),
    executable: z.boolean().optional(),
    unpacked: z.boolean().optional(),
  })
  const { files, executable = false, unpacked = false } = entrySchema.parse(header)
  if (files === undefined) {
    const file = { path: above, executable }
    return unpacked ? { inside: [], unpacked: [file] } : { inside: [file], unpacked: [] }
  }
  const parts = Object.entries(files).map(([name, entry]) =>
    filesOf(entry, above === '' ? name : `${above}/${name}`),
  )
  return { inside: parts.flatMap(part => part.inside), unpacked: parts.flatMap(part => part.unpacked) }
}
