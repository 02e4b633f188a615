import type { MenuItemConstructorOptions } from 'electron'

/** Only what the page cannot do itself; its own shortcuts stay free. */
export const menuTemplate: MenuItemConstructorOptions[] = [
  { label: 'Lab', submenu: [{ role: 'quit' }] },
  { role: 'editMenu' },
  {
    label: 'View',
    submenu: [
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
      { role: 'toggleDevTools' },
    ],
  },
]
