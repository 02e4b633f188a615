import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

/** `electron-vite build` needs Electron's package for its version, not its runtime: it works offline. */
export default defineConfig({
  main: {
    build: {
      rolldownOptions: {
        input: {
          index: 'main/electron/index.ts',
          engineWorker: 'engine/worker.ts',
          findingsWorker: 'main/lab/findings/findingsWorker.ts',
          terminal: 'main/cli/packagedTerminal.ts',
          checkWorker: 'db/checkWorker.ts',
        },
      },
    },
  },
  preload: {
    build: {
      // A sandboxed preload can load nothing beside itself, and has no ESM. The browser's script is alike: it
      // bundles all it needs, and a CommonJS file without require and exports is a script for a page as well.
      externalizeDeps: false,
      isolatedEntries: true,
      rolldownOptions: {
        input: { index: 'preload/index.ts', hosted: 'preload/hosted.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react()],
    // Less to read and compile before the first frame.
    build: {
      minify: true,
      chunkSizeWarningLimit: 800,
      rolldownOptions: { input: 'renderer/index.html' },
    },
  },
})
