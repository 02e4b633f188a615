import { fail } from '../../contract/error.ts'
import { findProgram } from './findProgram.ts'

/** Architectures of the virtual device, by Debian's names. */
export const guestArches = ['amd64', 'arm64'] as const
export type GuestArch = (typeof guestArches)[number]

type ArchFacts = {
  /** As the kernel's makefile names it. */
  kernelArch: string
  /** The target of make(1), and where it puts the kernel. */
  imageTarget: string
  image: string
  /** What compiles for it on x86-64: the compiler's prefix, empty for the host's own, and its Debian packages. */
  compilerPrefix: string
  compilerPackages: string
  /** As the folders of libraries are called. */
  triplet: string
  /** The dynamic loader, as programs name it, and as the package has it. */
  loader: string
  packagedLoader: string
}

export const archFacts: Record<GuestArch, ArchFacts> = {
  amd64: {
    kernelArch: 'x86',
    imageTarget: 'bzImage',
    image: 'arch/x86/boot/bzImage',
    compilerPrefix: '',
    compilerPackages: 'gcc libc6-dev',
    triplet: 'x86_64-linux-gnu',
    loader: 'lib64/ld-linux-x86-64.so.2',
    packagedLoader: 'lib/x86_64-linux-gnu/ld-linux-x86-64.so.2',
  },
  arm64: {
    kernelArch: 'arm64',
    imageTarget: 'Image',
    image: 'arch/arm64/boot/Image',
    compilerPrefix: 'aarch64-linux-gnu-',
    compilerPackages: 'gcc-aarch64-linux-gnu libc6-dev-arm64-cross',
    triplet: 'aarch64-linux-gnu',
    loader: 'lib/ld-linux-aarch64.so.1',
    packagedLoader: 'lib/aarch64-linux-gnu/ld-linux-aarch64.so.1',
  },
}

/**
 * The path of the compiler for it.
 * @throws LabFailure `target-unavailable` where it is not installed.
 */
export function requireCompiler(arch: GuestArch): string {
  const { compilerPrefix, compilerPackages } = archFacts[arch]
  const compiler = `${compilerPrefix}gcc`
  return (
    findProgram(compiler) ??
    fail('target-unavailable', `${compiler} is not installed`, `apt-get install ${compilerPackages}`)
  )
}

/** What make(1) needs to build a kernel or a module for it. */
export function kernelMakeArguments(arch: GuestArch): string[] {
  const { kernelArch, compilerPrefix } = archFacts[arch]
  return [`ARCH=${kernelArch}`, ...(compilerPrefix === '' ? [] : [`CROSS_COMPILE=${compilerPrefix}`])]
}
