import { productVersion } from '../lab/productVersion.ts'
import { productDirectory } from './productDirectory.ts'

/** The terminal shell from a checkout: results on stdout, everything else on stderr. */
const words = process.argv.slice(2)

// Asked by scripts, often: it needs nothing of the lab.
if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
  process.stdout.write(`${productVersion(productDirectory)}\n`)
} else {
  const { runTerminal } = await import('./program.ts')
  await runTerminal(words)
}
