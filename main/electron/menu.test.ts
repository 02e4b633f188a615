import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MenuItemConstructorOptions } from 'electron'
import { expect, test, vi } from 'vitest'
import {
  type DesktopCommand,
  desktopCommandSchema,
  type ThemeChoice,
  themeChoices,
} from '../../contract/desktop.ts'
import { menuTemplate } from './menu.ts'

/** The rail's own list; read as text, as its file brings every view with it. */
const rail = readFileSync(join(import.meta.dirname, '..', '..', 'renderer', 'app', 'views.ts'), 'utf8')
const views = [...rail.matchAll(/title: '([^']+)'/g)].map(match => match[1])

function menuOn(platform: NodeJS.Platform, theme: ThemeChoice = 'system') {
  const commands: DesktopCommand[] = []
  const actions = {
    command: (command: DesktopCommand) => commands.push(command),
    openFile: vi.fn(),
    importRun: vi.fn(),
    showLog: vi.fn(),
    showDataFolder: vi.fn(),
    showCrashReports: vi.fn(),
    copyVersions: vi.fn(),
    reloadPage: vi.fn(),
    about: vi.fn(),
  }
  return { items: leavesOf(menuTemplate(platform, actions, theme)), commands, actions }
}

function leavesOf(items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.flatMap(item => (Array.isArray(item.submenu) ? leavesOf(item.submenu) : [item]))
}

const press = (item: MenuItemConstructorOptions) => Reflect.apply(item.click ?? (() => {}), null, [])

test('every item of ours does something of its own, and what it asks of the page is in the contract', () => {
  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    const { items, commands, actions } = menuOn(platform)
    for (const item of items) press(item)
    for (const command of commands) desktopCommandSchema.parse(command)
    const asked = new Set(commands.map(command => JSON.stringify(command)))
    expect(asked.size, 'no command twice').toBe(commands.length)
    const { command: _, ...others } = actions
    for (const [name, action] of Object.entries(others)) expect(action, name).toHaveBeenCalledOnce()
  }
})

test('the page has no command that the menu lacks, but those that name a run, a file or a message', () => {
  const { items, commands } = menuOn('linux')
  for (const item of items) press(item)
  const inMenu = new Set<string>(commands.map(command => command.name))
  const inPage = desktopCommandSchema.options.map(option => option.shape.name.value)
  expect(inPage.filter(name => !inMenu.has(name)).toSorted()).toEqual(['openRun', 'tell', 'useFile'])
})

test("a key of the page's is shown and left to the page; no key is given twice", () => {
  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    const { items } = menuOn(platform)
    const keyed = items.filter(item => item.accelerator !== undefined)
    expect(new Set(keyed.map(item => item.accelerator)).size).toBe(keyed.length)
    const pageKeys = /^(F5|Esc|Alt\+\d)$/
    for (const item of keyed)
      expect(item.registerAccelerator ?? true).toBe(!pageKeys.test(`${item.accelerator}`))
  }
})

test('the views are those of the rail, in its order', () => {
  const { items, commands } = menuOn('linux')
  const inMenu = items.filter(item => /^Alt/.test(`${item.accelerator}`))
  expect(inMenu.map(item => item.label)).toEqual(views)
  for (const item of inMenu) press(item)
  expect(commands).toEqual(views.map((_, index) => ({ name: 'view', digit: index + 1 })))
})

test('quitting is where each platform has it', () => {
  const roles = (platform: NodeJS.Platform) => menuOn(platform).items.map(item => item.role)
  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    expect(roles(platform).filter(role => role === 'quit')).toHaveLength(1)
  }
})

test('the colours that are chosen are marked, and no others', () => {
  for (const theme of themeChoices) {
    const marked = menuOn('linux', theme).items.filter(item => item.type === 'radio' && item.checked)
    expect(marked.map(item => item.label)).toEqual([theme])
  }
})
