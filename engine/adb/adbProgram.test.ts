import { expect, test } from 'vitest'
import { adbCandidates, findAdb, type Machine } from './adbProgram.ts'

const mac: Machine = { platform: 'darwin', environment: { PATH: '/usr/bin:/bin' }, home: '/Users/ada' }
const windows: Machine = {
  platform: 'win32',
  environment: { Path: 'C:\\Windows', LocalAppData: 'C:\\Users\\ada\\AppData\\Local' },
  home: 'C:\\Users\\ada',
}
const linux: Machine = { platform: 'linux', environment: { PATH: '/usr/bin' }, home: '/home/ada' }

test.each([
  ['the PATH', linux, '/usr/bin/adb'],
  ["Android Studio's folder on Linux", linux, '/home/ada/Android/Sdk/platform-tools/adb'],
  ["Android Studio's folder on macOS", mac, '/Users/ada/Library/Android/sdk/platform-tools/adb'],
  ['Homebrew, which is not on the PATH of Finder', mac, '/opt/homebrew/bin/adb'],
  [
    "Android Studio's folder on Windows",
    windows,
    'C:\\Users\\ada\\AppData\\Local\\Android\\Sdk\\platform-tools\\adb.exe',
  ],
  ['winget', windows, 'C:\\Users\\ada\\AppData\\Local\\Microsoft\\WinGet\\Links\\adb.exe'],
  ['scoop', windows, 'C:\\Users\\ada\\scoop\\shims\\adb.exe'],
  ['chocolatey', windows, 'C:\\ProgramData\\chocolatey\\bin\\adb.exe'],
])('adb is found in %s', (_where, machine, file) => {
  expect(findAdb(machine, path => path === file)).toBe(file)
})

test('what a person set for the SDK goes before the usual folders, and the PATH before both', () => {
  const set = { ...linux, environment: { PATH: '/own/bin', ANDROID_HOME: '/sdk' } }
  const found = adbCandidates(set)
  expect(found.slice(0, 3)).toEqual([
    '/own/bin/adb',
    '/sdk/platform-tools/adb',
    '/home/ada/Android/Sdk/platform-tools/adb',
  ])
})

test('an empty PATH or SDK variable does not mean the folder that the lab stands in', () => {
  const empty = { ...linux, environment: { PATH: '', ANDROID_HOME: '' } }
  expect(adbCandidates(empty).every(path => path.startsWith('/'))).toBe(true)
  expect(findAdb(empty, () => false)).toBeNull()
})
