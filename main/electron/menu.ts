import type { MenuItemConstructorOptions } from 'electron'
import { type DesktopCommand, type ThemeChoice, themeChoices } from '../../contract/desktop.ts'
import { exportFormats } from '../../contract/run.ts'

export type MenuActions = {
  readonly command: (command: DesktopCommand) => void
  readonly openFile: () => void
  readonly importRun: () => void
  readonly showLog: () => void
  readonly showDataFolder: () => void
  readonly showCrashReports: () => void
  readonly copyVersions: () => void
  readonly reloadPage: () => void
  readonly about: () => void
}

/** What is read as it is. */
const copiedFormats = ['text', 'markdown'] as const

/** The views as the rail has them; the digit of a view is its key. */
const viewTitles = ['Bench', 'Runs', 'Compare', 'Model', 'Published', 'Locks', 'Devices']

/**
 * Everything that the page can do, and what it cannot. The page's own keys are shown and not taken: it knows whether
 * somebody is typing.
 */
export function menuTemplate(
  platform: NodeJS.Platform,
  actions: MenuActions,
  theme: ThemeChoice,
): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin'
  return [
    ...(isMac ? [macApplicationMenu(actions)] : []),
    fileMenu(isMac, actions),
    { role: 'editMenu' },
    viewMenu(actions, theme),
    runMenu(actions),
    { role: 'windowMenu' },
    helpMenu(isMac, actions),
  ]
}

type Item = MenuItemConstructorOptions
const separator: Item = { type: 'separator' }

function commandItem(actions: MenuActions, label: string, command: DesktopCommand, key?: string): Item {
  const shown = key === undefined ? {} : { accelerator: key, registerAccelerator: false }
  return { label, ...shown, click: () => actions.command(command) }
}

function macApplicationMenu(actions: MenuActions): Item {
  return {
    label: 'dmabuf-lab',
    submenu: [
      { label: 'About dmabuf-lab', click: actions.about },
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  }
}

function fileMenu(isMac: boolean, actions: MenuActions): Item {
  const exports = exportFormats.map(format => commandItem(actions, format, { name: 'export', format }))
  const copies = copiedFormats.map(format => commandItem(actions, format, { name: 'copy', format }))
  return {
    label: '&File',
    submenu: [
      { label: 'Load a file of your own…', accelerator: 'CmdOrCtrl+O', click: actions.openFile },
      { label: 'Import a JSON export…', accelerator: 'CmdOrCtrl+I', click: actions.importRun },
      ...(isMac
        ? ([{ role: 'recentDocuments', submenu: [{ role: 'clearRecentDocuments' }] }] satisfies Item[])
        : []),
      separator,
      { label: 'Copy the open run', submenu: copies },
      { label: 'Export the open run', submenu: exports },
      separator,
      isMac ? { role: 'close' } : { role: 'quit' },
    ],
  }
}

function viewMenu(actions: MenuActions, theme: ThemeChoice): Item {
  const views = viewTitles.map((title, index) =>
    commandItem(actions, title, { name: 'view', digit: index + 1 }, `Alt+${index + 1}`),
  )
  const themes = themeChoices.map(
    (choice): Item => ({
      ...commandItem(actions, choice, { name: 'theme', choice }),
      type: 'radio',
      checked: choice === theme,
    }),
  )
  return {
    label: '&View',
    submenu: [
      ...views,
      separator,
      { label: 'Colours', submenu: themes },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { role: 'togglefullscreen' },
      separator,
      { label: 'Load the page again', accelerator: 'CmdOrCtrl+R', click: actions.reloadPage },
      { role: 'toggleDevTools' },
    ],
  }
}

function runMenu(actions: MenuActions): Item {
  return {
    label: '&Run',
    submenu: [
      commandItem(actions, 'Start', { name: 'start' }, 'F5'),
      commandItem(actions, 'Cancel', { name: 'cancel' }, 'Esc'),
      separator,
      commandItem(actions, 'Resume the open run', { name: 'resume' }),
      commandItem(actions, 'Compare the open run', { name: 'compare' }),
      commandItem(actions, 'Delete the open run…', { name: 'delete' }),
    ],
  }
}

function helpMenu(isMac: boolean, actions: MenuActions): Item {
  return {
    role: 'help',
    submenu: [
      { label: 'Show the log', click: actions.showLog },
      { label: 'Show the data folder', click: actions.showDataFolder },
      { label: 'Show crash reports', click: actions.showCrashReports },
      { label: 'Copy versions', click: actions.copyVersions },
      ...(isMac ? [] : [separator, { label: 'About dmabuf-lab', click: actions.about }]),
    ],
  }
}
