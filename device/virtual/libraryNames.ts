/**
 * Names of shared libraries that an ELF file mentions: those that it needs (elf(5) DT_NEEDED, kept in its string table)
 * and at most some more, such as its own. For any architecture, and nothing of the file is run.
 */
export function libraryNames(file: Buffer): string[] {
  const names = file.toString('latin1').matchAll(/\0(lib[\w.+-]+\.so(?:\.\d+)*)(?=\0)/g)
  return [...new Set([...names].map(match => match[1] ?? ''))]
}
