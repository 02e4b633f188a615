/**
 * Names from the `depends=` entry of a module's .modinfo section (NUL separated `key=value` strings,
 * include/linux/module.h MODULE_INFO).
 */
export function moduleDependencies(module: Buffer): string[] {
  const text = module.toString('latin1')
  const entry = /(?:^|\0)depends=([^\0]*)\0/.exec(text)?.[1] ?? ''
  return entry.split(',').filter(name => name !== '')
}

/** The name a module has once loaded: file names may use dashes where the kernel uses underscores. */
export function moduleName(fileName: string): string {
  return fileName.replace(/\.ko(\.xz)?$/, '').replaceAll('-', '_')
}

/**
 * modules.dep(5) text: each module with all it needs, direct dependencies first, deepest last,
 * which is the order in reverse of which modprobe loads them.
 */
export function modulesDep(dependencies: ReadonlyMap<string, readonly string[]>): string {
  const lines = [...dependencies.keys()].map(name => {
    const needed = dependencyClosure(name, dependencies).map(dependency => `${dependency}.ko`)
    return `${name}.ko:${needed.map(file => ` ${file}`).join('')}\n`
  })
  return lines.join('')
}

function dependencyClosure(name: string, dependencies: ReadonlyMap<string, readonly string[]>): string[] {
  const order: string[] = []
  const visit = (module: string) => {
    for (const dependency of dependencies.get(module) ?? []) {
      visit(dependency)
      if (!order.includes(dependency)) order.push(dependency)
    }
  }
  visit(name)
  return order.reverse()
}
