import { join } from 'node:path'
import { exportFormats } from '../../../contract/run.ts'
import { exampleDetail } from '../../../db/fixtures/exampleDetail.ts'
import { exampleSpans } from '../../../db/fixtures/exampleRun.ts'
import { importRun } from '../../../db/importRun.ts'
import { openStore } from '../../../db/openStore.ts'
import { compareRuns } from '../../../findings/compareRuns.ts'
import { exportRun } from '../../../findings/exports/exportRun.ts'
import { type Door, unlessRefused } from './door.ts'

/** A run that somebody else exported: imported, exported again in every format, compared with itself, deleted. */
export const imports: Door = {
  name: 'imports',
  seeds: [0.6, 1.2].map(factor => exportRun(exampleDetail(factor), () => exampleSpans(3), 'json').text),
  open: folder => {
    const { runs, close } = openStore(join(folder, 'lab.db'))
    return {
      feed: async text => {
        const run = await unlessRefused(() => importRun(text, runs))
        if (run === undefined) return
        const detail = runs.getRun(run.id)
        for (const format of exportFormats) exportRun(detail, sampleId => runs.getSpans(sampleId), format)
        await unlessRefused(() => compareRuns(detail, detail))
        runs.deleteRun(run.id)
      },
      close: async () => close(),
    }
  },
}
