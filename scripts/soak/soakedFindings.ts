import './collecting.ts'

await import('../../main/lab/findings/findingsWorker.ts')
