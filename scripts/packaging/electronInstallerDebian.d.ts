/** What of electron-installer-debian 4.0.0 is used; it comes without types. */
declare module 'electron-installer-debian' {
  export type DebianOptions = {
    readonly src: string
    readonly dest: string
    readonly arch: string
    readonly name: string
    readonly bin: string
    readonly productName: string
    readonly maintainer: string
    readonly depends: readonly string[]
    readonly section: string
    readonly categories: readonly string[]
    readonly mimeType: readonly string[]
    readonly icon: Readonly<Record<string, string>>
    readonly compression: string
    readonly scripts: Readonly<Record<string, string>>
    readonly rename: (folder: string) => string
    readonly logger: (text: string) => void
  }

  export class Installer {
    constructor(options: DebianOptions)
    readonly stagingDir: string
    readonly options: { readonly packagePaths: readonly string[] }
    get contentFunctions(): string[]
    generateDefaults(): Promise<unknown>
    generateOptions(): unknown
    createStagingDir(): Promise<void>
    createContents(): Promise<unknown>
    createBinarySymlink(): Promise<void>
    createPackage(): Promise<void>
    movePackage(): Promise<void>
  }
}
