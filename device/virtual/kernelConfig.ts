const OPTION = /^(?:# )?(CONFIG_\w+)(?:=| is not set)/

/**
 * Options that fragments ask for and the configuration lacks, as `CONFIG_X=y`. Kconfig drops an option whose
 * dependencies are not met without a word. A later line of the fragments stands for an earlier one.
 */
export function droppedOptions(fragments: string, config: string): string[] {
  const wanted = new Map<string, string>()
  for (const line of fragments.split('\n')) {
    const option = OPTION.exec(line)?.[1]
    if (option !== undefined) wanted.set(option, line)
  }
  const present = new Set(config.split('\n'))
  return [...wanted.values()].filter(line => !line.startsWith('#') && !present.has(line))
}
