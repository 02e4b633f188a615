/** The terminal's commands, for who must know them without loading any of them. */
export const commandNames = [
  'run',
  'resume',
  'runs',
  'show',
  'export',
  'import',
  'compare',
  'delete',
  'targets',
  'probe',
  'ceiling',
  'published',
  'predict',
  'calibrate',
  'tune',
  'log',
  'locks',
  'serve',
  'help',
]

/** Whether a command line is one of the terminal's. */
export function isTerminalCommand(words: readonly string[]): boolean {
  const [first] = words
  return first !== undefined && [...commandNames, '--help', '-h', '--version', '-V', '--db'].includes(first)
}
