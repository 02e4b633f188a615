import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { zstdDecompress } from 'node:zlib'
import { fail, reasonOf } from '../../contract/error.ts'
import { zstdPayload } from './bzImage.ts'
import type { GuestKernel } from './guestKernel.ts'

/**
 * The kernel of a Debian package unpacked, once: a guest that unpacks it itself takes a sixth of its boot for that. QEMU
 * starts such a kernel by its PVH entry, which Debian's all have (CONFIG_PVH). Null where zstd has not packed it.
 * @throws LabFailure `bad-file` for a kernel that cannot be unpacked.
 */
export async function ensureBareKernel({ folder, vmlinuz, release }: GuestKernel): Promise<string | null> {
  const bare = join(folder, `vmlinux-${release}`)
  if (existsSync(bare)) return bare
  const packed = zstdPayload(await readFile(vmlinuz))
  if (packed === null) return null
  const kernel = await promisify(zstdDecompress)(packed).catch((cause: unknown) =>
    fail('bad-file', `${vmlinuz} is damaged: ${reasonOf(cause)}`, `Remove ${folder} and start again.`, cause),
  )
  const partial = `${bare}.partial`
  await writeFile(partial, kernel)
  await rename(partial, bare)
  return bare
}
