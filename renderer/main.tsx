import '../contract/withoutEval.ts'
import './style/tokens.css'
import './style/base.css'
import './style/controls.css'
import './style/layout.css'
import './style/tables.css'
import './style/charts.css'
import './style/model.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/App.tsx'
import { followTheme } from './app/theme.ts'
import { connectToLab } from './lab/labStore.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
followTheme()
void connectToLab()
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
