import { existsSync } from 'node:fs'
import { posix, win32 } from 'node:path'

/** What of a machine tells where its adb lies. */
export type Machine = {
  readonly platform: NodeJS.Platform
  readonly environment: NodeJS.ProcessEnv
  readonly home: string
}

/**
 * Where an adb program may lie, best first: what the person's PATH says, what they set for the Android SDK, then where
 * Android Studio and the package managers put it. A desktop's PATH has few of these: it is not the shell's. Where a
 * Linux distribution puts programs is on every PATH.
 */
export function adbCandidates(machine: Machine): string[] {
  const { platform, environment } = machine
  const { join, delimiter } = platform === 'win32' ? win32 : posix
  const file = platform === 'win32' ? 'adb.exe' : 'adb'
  const onPath = (variable(machine, 'PATH') ?? '').split(delimiter).filter(folder => folder !== '')
  const sdks = [environment.ANDROID_HOME, environment.ANDROID_SDK_ROOT, ...usualSdks(machine)]
  const inSdks = sdks.flatMap(sdk => (sdk === undefined || sdk === '' ? [] : [join(sdk, 'platform-tools')]))
  return [...onPath, ...inSdks, ...packageFolders(machine)].map(folder => join(folder, file))
}

/** The adb program of this machine, or `null`. */
export function findAdb(machine: Machine, exists: (path: string) => boolean = existsSync): string | null {
  return adbCandidates(machine).find(exists) ?? null
}

/** Android Studio's own default folders. */
function usualSdks(machine: Machine): string[] {
  const { platform, home } = machine
  if (platform === 'darwin') return [posix.join(home, 'Library', 'Android', 'sdk')]
  if (platform === 'win32') {
    return [
      win32.join(variable(machine, 'LOCALAPPDATA') ?? win32.join(home, 'AppData', 'Local'), 'Android', 'Sdk'),
    ]
  }
  return [posix.join(home, 'Android', 'Sdk')]
}

function packageFolders(machine: Machine): string[] {
  const { platform, home } = machine
  if (platform === 'darwin') return ['/opt/homebrew/bin', '/usr/local/bin', '/opt/local/bin']
  if (platform === 'win32') {
    const local = variable(machine, 'LOCALAPPDATA') ?? win32.join(home, 'AppData', 'Local')
    const shared = variable(machine, 'ProgramData') ?? 'C:\\ProgramData'
    return [
      win32.join(local, 'Microsoft', 'WinGet', 'Links'),
      win32.join(home, 'scoop', 'shims'),
      win32.join(shared, 'chocolatey', 'bin'),
    ]
  }
  return ['/snap/bin', '/home/linuxbrew/.linuxbrew/bin']
}

/** Windows knows `Path` and `PATH` as one; a copied environment has the spelling that it came with. */
function variable({ platform, environment }: Machine, name: string): string | undefined {
  if (platform !== 'win32') return environment[name]
  const spelling = Object.keys(environment).find(key => key.toUpperCase() === name.toUpperCase())
  return spelling === undefined ? undefined : environment[spelling]
}
