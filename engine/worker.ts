import process from 'node:process'

/**
 * Where an engine process begins. It goes with its channel to the lab from its first moment: to load all that it runs
 * takes seconds on a busy machine, and a lab that is killed meanwhile would leave it for as long.
 */
const leave = () => process.exit(0)
process.once('disconnect', leave)
await import('./engineService.ts')
process.off('disconnect', leave)
