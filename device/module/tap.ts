/** What a test program said in the Test Anything Protocol. */
export type TapReport = {
  passed: string[]
  failed: string[]
  notes: string[]
  planned: number | null
  bailedOut: string | null
}

/** Reads TAP; a program that died has no plan line, so `planned` stays null. */
export function parseTap(text: string): TapReport {
  const report: TapReport = { passed: [], failed: [], notes: [], planned: null, bailedOut: null }
  for (const line of text.split(/\r?\n/)) {
    const result = /^(not )?ok \d+ - (.*)$/.exec(line)
    const plan = /^1\.\.(\d+)$/.exec(line)
    if (result?.[2] !== undefined) (result[1] ? report.failed : report.passed).push(result[2])
    else if (plan?.[1] !== undefined) report.planned = Number(plan[1])
    else if (line.startsWith('# ')) report.notes.push(line.slice(2))
    else if (line.startsWith('Bail out! ')) report.bailedOut = line.slice('Bail out! '.length)
  }
  return report
}
