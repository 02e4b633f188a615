import { productVersion } from '../lab/productVersion.ts'
import { productDirectory } from './productDirectory.ts'

/** The terminal shell: results on stdout, everything else on stderr. */
const words = process.argv.slice(2)
const version = productVersion(productDirectory)

// Asked by scripts, often: it needs nothing of the lab.
if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
  process.stdout.write(`${version}\n`)
} else {
  const { runProgram } = await import('./program.ts')
  process.exitCode = await runProgram(words, version)
}
