import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Module } from './productionModules.ts'

/** Writes the licence of everything that is shipped beside Electron's own, and what it is (CycloneDX 1.6). */
export function writeLicences(
  root: string,
  folder: string,
  modules: readonly Module[],
  electronVersion: string,
): void {
  mkdirSync(folder, { recursive: true })
  const own = readFileSync(join(root, 'LICENSE'), 'utf8')
  const node = `Node.js ${process.versions.node}\n\n${nodeLicence()}`
  const texts = modules.map(({ name, version }) => `${name} ${version}\n\n${licenceOf(root, name)}`)
  writeFileSync(
    join(folder, 'LICENCES.txt'),
    [`dmabuf-lab\n\n${own}`, node, ...texts].join(`\n${'-'.repeat(72)}\n\n`),
  )
  writeFileSync(join(folder, 'sbom.cdx.json'), JSON.stringify(sbomOf(modules, electronVersion), null, 1))
}

/** Of the Node that runs this, which the terminal brings along. */
function nodeLicence(): string {
  const folder = dirname(process.execPath)
  const file = [join(folder, '..', 'LICENSE'), join(folder, 'LICENSE')].find(existsSync)
  if (file === undefined) throw new Error(`${process.execPath} comes without a licence`)
  return readFileSync(file, 'utf8').trim()
}

function licenceOf(root: string, name: string): string {
  const folder = join(root, 'node_modules', name)
  const file = readdirSync(folder).find(each => /^(licen[cs]e|copying)/i.test(each))
  if (file !== undefined) return readFileSync(join(folder, file), 'utf8').trim()
  const manifest = join(folder, 'package.json')
  const { license } = existsSync(manifest)
    ? JSON.parse(readFileSync(manifest, 'utf8'))
    : { license: undefined }
  if (typeof license !== 'string') throw new Error(`${name} comes without a licence`)
  return `Licensed under ${license}; the package has no text of it.`
}

function sbomOf(modules: readonly Module[], electronVersion: string) {
  const electron = { name: 'electron', version: electronVersion, license: 'MIT' }
  const components = [electron, ...modules].map(({ name, version, license }) => ({
    type: name === 'electron' ? 'framework' : 'library',
    name,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    licenses: [{ expression: license }],
  }))
  const node = {
    type: 'framework',
    name: 'node',
    version: process.versions.node,
    purl: `pkg:generic/node@${process.versions.node}`,
    licenses: [{ expression: 'MIT' }],
  }
  components.push(node)
  return { bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components }
}
