import '../contract/withoutEval.ts'
import './base/tokens.css'
import './base/base.css'
import './controls/controls.css'
import './controls/forms.css'
import './controls/tables.css'
import './style/schemes.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/App.tsx'
import { followDesktop } from './app/desktopCommands.ts'
import { takeDroppedFiles } from './app/dropFiles.ts'
import { followTheme } from './base/theme.ts'
import { connectToLab } from './lab/labStore.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
followTheme()
followDesktop()
takeDroppedFiles()
void connectToLab()
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
