import { chmodSync, cpSync, globSync, mkdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Installer } from 'electron-installer-debian'
import { mimeTypesOf, readBuilderConfig } from './builderConfig.ts'

const architectures: Partial<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

/** Files that a Debian package has beside the application, by where they are installed. */
const systemFiles: Readonly<Record<string, string>> = {
  'apparmor-profile': 'usr/share/dmabuf-lab/apparmor-profile',
  'dmabuf-lab-run.xml': 'usr/share/mime/packages/dmabuf-lab.xml',
}

/** The installer, with the lab's own files in the package. */
class LabInstaller extends Installer {
  override get contentFunctions(): string[] {
    return [...super.contentFunctions, 'copySystemFiles']
  }

  /** Not a link to the program: the terminal's commands have another. */
  override async createBinarySymlink(): Promise<void> {
    const command = join(this.stagingDir, 'usr', 'bin', 'dmabuf-lab')
    mkdirSync(dirname(command), { recursive: true, mode: 0o755 })
    cpSync(join(import.meta.dirname, 'files', 'command'), command)
    chmodSync(command, 0o755)
  }

  copySystemFiles(): void {
    for (const [name, place] of Object.entries(systemFiles)) {
      const target = join(this.stagingDir, place)
      mkdirSync(dirname(target), { recursive: true, mode: 0o755 })
      cpSync(join(import.meta.dirname, 'files', name), target)
    }
  }
}

/** The icon in pixels, for those who draw no SVG, by the folders of the hicolor theme. */
function pictures(): Record<string, string> {
  const folder = join(import.meta.dirname, 'icons')
  const names = globSync('*.png', { cwd: folder })
  return Object.fromEntries(names.map(name => [basename(name, '.png'), join(folder, name)]))
}

export type DebianPackage = {
  /** The folder that it is made in. */
  readonly dest: string
  /** Of dpkg-deb. */
  readonly compression: string
}

/** Makes the .deb of an unpacked application. @returns its path. */
export async function makeDebianPackage(
  root: string,
  unpacked: string,
  { dest, compression }: DebianPackage,
): Promise<string> {
  const config = readBuilderConfig(root)
  const { linux, executableName, productName } = config
  const arch = architectures[process.arch]
  if (arch === undefined) throw new Error(`no Debian package for ${process.arch}`)
  const installer = new LabInstaller({
    src: unpacked,
    dest,
    arch,
    name: executableName,
    bin: executableName,
    productName,
    maintainer: linux.maintainer,
    // What the agents and Chromium need of the C library, and Node of C++'s.
    depends: ['libc6 (>= 2.34)', 'libstdc++6'],
    section: 'devel',
    categories: [linux.category],
    mimeType: mimeTypesOf(config),
    icon: { ...pictures(), scalable: join(root, 'renderer', 'icon.svg') },
    compression,
    scripts: {
      postinst: join(import.meta.dirname, 'files', 'postinst'),
      prerm: join(import.meta.dirname, 'files', 'prerm'),
    },
    rename: folder => join(folder, '<%= name %>_<%= version %>_<%= arch %>.deb'),
    logger: () => {},
  })
  await installer.generateDefaults()
  installer.generateOptions()
  await installer.createStagingDir()
  await installer.createContents()
  await installer.createPackage()
  await installer.movePackage()
  const [made] = installer.options.packagePaths
  if (made === undefined) throw new Error('dpkg-deb made no package')
  return made
}
