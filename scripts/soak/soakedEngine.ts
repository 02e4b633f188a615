import './collecting.ts'

await import('../../engine/worker.ts')
