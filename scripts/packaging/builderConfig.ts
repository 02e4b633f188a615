import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const resourceSchema = z.object({ from: z.string(), to: z.string(), filter: z.array(z.string()).optional() })

const configSchema = z.object({
  productName: z.string(),
  executableName: z.string(),
  files: z.array(z.string()),
  extraResources: z.array(resourceSchema),
  electronFuses: z.strictObject({
    runAsNode: z.boolean(),
    enableCookieEncryption: z.boolean(),
    enableNodeOptionsEnvironmentVariable: z.boolean(),
    enableNodeCliInspectArguments: z.boolean(),
    enableEmbeddedAsarIntegrityValidation: z.boolean(),
    onlyLoadAppFromAsar: z.boolean(),
    loadBrowserProcessSpecificV8Snapshot: z.boolean(),
    grantFileProtocolExtraPrivileges: z.boolean(),
  }),
  protocols: z.array(z.object({ schemes: z.array(z.string()) })),
  fileAssociations: z.array(z.object({ mimeType: z.string() })),
  linux: z.object({ category: z.string(), maintainer: z.string() }),
})
export type BuilderConfig = z.infer<typeof configSchema>

/** What every format of the package has in common, read by electron-builder and by our own .deb alike. */
export function readBuilderConfig(root: string): BuilderConfig {
  return configSchema.parse(JSON.parse(readFileSync(join(root, 'electron-builder.json'), 'utf8')))
}

/** What the menu entry of Linux says that it opens: links and files. */
export function mimeTypesOf({ protocols, fileAssociations }: BuilderConfig): string[] {
  const links = protocols.flatMap(({ schemes }) => schemes).map(scheme => `x-scheme-handler/${scheme}`)
  return [...links, ...fileAssociations.map(({ mimeType }) => mimeType)]
}
