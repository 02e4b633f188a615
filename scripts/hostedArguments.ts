/** Options of `lab serve` that take a value of their own. */
const withValue = ['--port', '--db']

/** Which arguments of `npm start` the hosted shell takes, and which only the desktop shell could have opened. */
export function hostedArguments(words: readonly string[]): { passed: string[]; dropped: string[] } {
  const passed: string[] = []
  const dropped: string[] = []
  for (const [at, word] of words.entries()) {
    const isValue = withValue.includes(words[at - 1] ?? '')
    if (word.startsWith('-') || isValue) passed.push(word)
    else dropped.push(word)
  }
  return { passed, dropped }
}
