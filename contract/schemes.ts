import { z } from 'zod'

/** Something a target must offer before a scheme can run there; a probe answers each with met or why not. */
export const requirementIds = [
  'o-direct',
  'dma-heap',
  'heap-cpu-access',
  'udmabuf',
  'dmabuf-sendfile',
  'dmabuf-copy-file-range',
  'alloc-and-read',
  'wrapfd',
  'rwf-dontcache',
] as const
export const requirementIdSchema = z.enum(requirementIds)
export type RequirementId = z.infer<typeof requirementIdSchema>

/** What to tell a person when nothing more exact is known about an unmet requirement. */
export const requirementTexts: Record<RequirementId, string> = {
  'o-direct': 'needs a file system that reads with O_DIRECT',
  'dma-heap': 'needs /dev/dma_heap',
  'heap-cpu-access': 'needs a heap whose buffers the CPU may map',
  udmabuf: 'needs /dev/udmabuf',
  'dmabuf-sendfile': 'needs a kernel that can splice into a dma-buf, or the kernel module (emulation)',
  'dmabuf-copy-file-range': 'needs a kernel with copy_file_range into a dma-buf',
  'alloc-and-read': 'needs the kernel module, or a kernel that carries one of the refused series',
  wrapfd: 'needs /dev/wrapfd (Android), or the kernel module',
  'rwf-dontcache': 'needs Linux 6.14 and a file system with RWF_DONTCACHE',
}

export const families = ['heap', 'udmabuf', 'copy', 'in-kernel', 'wrapfd', 'memfd'] as const
export type Family = (typeof families)[number]

export type IoMode = 'buffered' | 'direct'
/** `serial`: allocation, then I/O. `async`: reader started before creation. `gather`: readers follow gathers. */
export type Overlap = 'serial' | 'async' | 'gather'
export const bufferKinds = ['dma-heap', 'udmabuf', 'memfd'] as const
export type BufferKind = (typeof bufferKinds)[number]
/**
 * How the bytes get into the buffer. `dontcache`: read() whose pages leave the page cache at once (RWF_DONTCACHE).
 * `ioctl`: the kernel reads into it by itself. All but `copy-file-range` write
 * through a mapping of the buffer, the process's or the kernel's.
 */
export type Fill = 'read' | 'dontcache' | 'mmap-copy' | 'sendfile' | 'copy-file-range' | 'ioctl'

type SchemeRow = {
  readonly id: string
  readonly family: Family
  readonly buffer: BufferKind
  readonly ioMode: IoMode
  readonly overlap: Overlap
  readonly fill: Fill
  /** The scheme that does the same work without overlap and differs in nothing else; `null` for a serial scheme. */
  readonly twin: string | null
  readonly needs: readonly RequirementId[]
  /** How it loads, in one line. */
  readonly how: string
  /** Its name in the mailing-list threads, where it has one. */
  readonly publishedAs: string | null
}

const heap = ['dma-heap', 'heap-cpu-access'] as const

/** Every scheme of the discussion, in the order of the tables. */
export const schemeCatalogue = [
  {
    id: 'normal',
    family: 'heap',
    buffer: 'dma-heap',
    ioMode: 'buffered',
    overlap: 'serial',
    fill: 'read',
    twin: null,
    needs: heap,
    how: 'dma-heap alloc, mmap, read() into the mapping',
    publishedAs: 'normal',
  },
  {
    id: 'normal-mmap-copy',
    family: 'heap',
    buffer: 'dma-heap',
    ioMode: 'buffered',
    overlap: 'serial',
    fill: 'mmap-copy',
    twin: null,
    needs: heap,
    how: 'dma-heap alloc, mmap both, memcpy from the mapped file',
    publishedAs: 'original',
  },
  {
    id: 'normal-dontcache',
    family: 'heap',
    buffer: 'dma-heap',
    ioMode: 'buffered',
    overlap: 'serial',
    fill: 'dontcache',
    twin: null,
    needs: [...heap, 'rwf-dontcache'],
    how: 'dma-heap alloc, mmap, preadv2(RWF_DONTCACHE): cached pages are dropped as they are copied',
    publishedAs: null,
  },
  {
    id: 'udmabuf-buffered',
    family: 'udmabuf',
    buffer: 'udmabuf',
    ioMode: 'buffered',
    overlap: 'serial',
    fill: 'read',
    twin: null,
    needs: ['udmabuf'],
    how: 'memfd, UDMABUF_CREATE, read() into the memfd mapping',
    publishedAs: 'udmabuf buffer I/O',
  },
  {
    id: 'udmabuf-direct',
    family: 'udmabuf',
    buffer: 'udmabuf',
    ioMode: 'direct',
    overlap: 'serial',
    fill: 'read',
    twin: null,
    needs: ['udmabuf', 'o-direct'],
    how: 'memfd, UDMABUF_CREATE, O_DIRECT read into the memfd mapping',
    publishedAs: 'udmabuf direct I/O',
  },
  {
    id: 'udmabuf-async-buffered',
    family: 'udmabuf',
    buffer: 'udmabuf',
    ioMode: 'buffered',
    overlap: 'async',
    fill: 'read',
    twin: 'udmabuf-buffered',
    needs: ['udmabuf'],
    how: 'reader thread started before UDMABUF_CREATE, joined after',
    publishedAs: null,
  },
  {
    id: 'udmabuf-async-direct',
    family: 'udmabuf',
    buffer: 'udmabuf',
    ioMode: 'direct',
    overlap: 'async',
    fill: 'read',
    twin: 'udmabuf-direct',
    needs: ['udmabuf', 'o-direct'],
    how: 'O_DIRECT reader thread started before UDMABUF_CREATE, joined after',
    publishedAs: "reviewer's suggestion",
  },
  {
    id: 'udmabuf-gather-direct',
    family: 'udmabuf',
    buffer: 'udmabuf',
    ioMode: 'direct',
    overlap: 'gather',
    fill: 'read',
    twin: 'udmabuf-direct',
    needs: ['udmabuf', 'o-direct'],
    how: 'pages populated gather by gather, O_DIRECT readers follow, UDMABUF_CREATE last',
    publishedAs: null,
  },
  {
    id: 'udmabuf-list-direct',
    family: 'udmabuf',
    buffer: 'udmabuf',
    ioMode: 'direct',
    overlap: 'gather',
    fill: 'read',
    twin: 'udmabuf-direct',
    needs: ['udmabuf', 'o-direct'],
    how: 'a memfd per gather and populating thread, O_DIRECT readers follow, UDMABUF_CREATE_LIST joins them',
    publishedAs: null,
  },
  {
    id: 'sendfile-buffered',
    family: 'copy',
    buffer: 'dma-heap',
    ioMode: 'buffered',
    overlap: 'serial',
    fill: 'sendfile',
    twin: null,
    needs: [...heap, 'dmabuf-sendfile'],
    how: 'sendfile through a 64 KiB pipe into the buffer',
    publishedAs: 'sendfile buffer I/O',
  },
  {
    id: 'sendfile-direct',
    family: 'copy',
    buffer: 'dma-heap',
    ioMode: 'direct',
    overlap: 'serial',
    fill: 'sendfile',
    twin: null,
    needs: [...heap, 'dmabuf-sendfile', 'o-direct'],
    how: 'sendfile of an O_DIRECT file through a 64 KiB pipe into the buffer',
    publishedAs: 'sendfile direct I/O',
  },
  {
    id: 'copy-file-range-direct',
    family: 'copy',
    buffer: 'dma-heap',
    ioMode: 'direct',
    overlap: 'serial',
    fill: 'copy-file-range',
    twin: null,
    needs: ['dma-heap', 'dmabuf-copy-file-range', 'o-direct'],
    how: 'copy_file_range of an O_DIRECT file into the buffer',
    publishedAs: 'dma-heap direct copy_file_range',
  },
  {
    id: 'read-sync-buffered',
    family: 'in-kernel',
    buffer: 'dma-heap',
    ioMode: 'buffered',
    overlap: 'serial',
    fill: 'ioctl',
    twin: null,
    needs: ['alloc-and-read'],
    how: 'one ioctl allocates, maps and reads in the kernel, one after the other',
    publishedAs: 'patch1 buffer I/O',
  },
  {
    id: 'read-sync-direct',
    family: 'in-kernel',
    buffer: 'dma-heap',
    ioMode: 'direct',
    overlap: 'serial',
    fill: 'ioctl',
    twin: null,
    needs: ['alloc-and-read', 'o-direct'],
    how: 'one ioctl allocates, maps and reads directly in the kernel, one after the other',
    publishedAs: 'patch1 direct I/O',
  },
  {
    id: 'read-async-buffered',
    family: 'in-kernel',
    buffer: 'dma-heap',
    ioMode: 'buffered',
    overlap: 'gather',
    fill: 'ioctl',
    twin: 'read-sync-buffered',
    needs: ['alloc-and-read'],
    how: 'one ioctl; each gather goes to a kernel reader thread while allocation goes on',
    publishedAs: 'patch1-4 buffer I/O',
  },
  {
    id: 'read-async-direct',
    family: 'in-kernel',
    buffer: 'dma-heap',
    ioMode: 'direct',
    overlap: 'gather',
    fill: 'ioctl',
    twin: 'read-sync-direct',
    needs: ['alloc-and-read', 'o-direct'],
    how: 'one ioctl; each gather is read directly by a kernel thread while allocation goes on',
    publishedAs: 'patch1-4 direct I/O',
  },
  {
    id: 'wrapfd-direct',
    family: 'wrapfd',
    buffer: 'dma-heap',
    ioMode: 'direct',
    overlap: 'serial',
    fill: 'ioctl',
    twin: null,
    needs: [...heap, 'wrapfd', 'o-direct'],
    how: 'dma-heap alloc, wrap, own, and one ioctl loads directly, as Android does it',
    publishedAs: null,
  },
  {
    id: 'wrapfd-segments-direct',
    family: 'wrapfd',
    buffer: 'dma-heap',
    ioMode: 'direct',
    overlap: 'gather',
    fill: 'ioctl',
    twin: 'wrapfd-direct',
    needs: [...heap, 'wrapfd', 'o-direct'],
    how: 'a dma-heap buffer for each gather: one is loaded by wrapfd while the next is allocated',
    publishedAs: null,
  },
  {
    id: 'wrapfd-slices-direct',
    family: 'wrapfd',
    buffer: 'dma-heap',
    ioMode: 'direct',
    overlap: 'gather',
    fill: 'ioctl',
    twin: 'wrapfd-direct',
    needs: [...heap, 'wrapfd', 'o-direct'],
    how: 'one dma-heap buffer, all of it allocated first and wrapped for each reader: gathers are loaded side by side',
    publishedAs: null,
  },
  {
    id: 'memfd-buffered',
    family: 'memfd',
    buffer: 'memfd',
    ioMode: 'buffered',
    overlap: 'serial',
    fill: 'read',
    twin: null,
    needs: [],
    how: 'memfd populated, then read() into the mapping',
    publishedAs: null,
  },
  {
    id: 'memfd-direct',
    family: 'memfd',
    buffer: 'memfd',
    ioMode: 'direct',
    overlap: 'serial',
    fill: 'read',
    twin: null,
    needs: ['o-direct'],
    how: 'memfd populated, then O_DIRECT read into the mapping',
    publishedAs: null,
  },
  {
    id: 'memfd-dontcache',
    family: 'memfd',
    buffer: 'memfd',
    ioMode: 'buffered',
    overlap: 'serial',
    fill: 'dontcache',
    twin: null,
    needs: ['rwf-dontcache'],
    how: 'memfd populated, then preadv2(RWF_DONTCACHE): cached pages are dropped as they are copied',
    publishedAs: null,
  },
  {
    id: 'memfd-mmap-copy',
    family: 'memfd',
    buffer: 'memfd',
    ioMode: 'buffered',
    overlap: 'serial',
    fill: 'mmap-copy',
    twin: null,
    needs: [],
    how: 'memfd populated, then memcpy from the mapped file',
    publishedAs: null,
  },
  {
    id: 'memfd-sendfile-buffered',
    family: 'memfd',
    buffer: 'memfd',
    ioMode: 'buffered',
    overlap: 'serial',
    fill: 'sendfile',
    twin: null,
    needs: [],
    how: 'sendfile into the memfd, which allocates as it goes',
    publishedAs: null,
  },
  {
    id: 'memfd-sendfile-direct',
    family: 'memfd',
    buffer: 'memfd',
    ioMode: 'direct',
    overlap: 'serial',
    fill: 'sendfile',
    twin: null,
    needs: ['o-direct'],
    how: 'sendfile of an O_DIRECT file into the memfd',
    publishedAs: null,
  },
  {
    id: 'memfd-async-direct',
    family: 'memfd',
    buffer: 'memfd',
    ioMode: 'direct',
    overlap: 'async',
    fill: 'read',
    twin: 'memfd-direct',
    needs: ['o-direct'],
    how: 'O_DIRECT reader thread started before the pages are populated, joined after',
    publishedAs: null,
  },
  {
    id: 'memfd-gather-direct',
    family: 'memfd',
    buffer: 'memfd',
    ioMode: 'direct',
    overlap: 'gather',
    fill: 'read',
    twin: 'memfd-direct',
    needs: ['o-direct'],
    how: 'pages populated gather by gather, O_DIRECT readers follow',
    publishedAs: null,
  },
  {
    id: 'memfd-list-direct',
    family: 'memfd',
    buffer: 'memfd',
    ioMode: 'direct',
    overlap: 'gather',
    fill: 'read',
    twin: 'memfd-direct',
    needs: ['o-direct'],
    how: 'a memfd per gather and populating thread in one mapping, O_DIRECT readers follow',
    publishedAs: null,
  },
  {
    id: 'memfd-gather-buffered',
    family: 'memfd',
    buffer: 'memfd',
    ioMode: 'buffered',
    overlap: 'gather',
    fill: 'read',
    twin: 'memfd-buffered',
    needs: [],
    how: 'pages populated gather by gather, buffered readers follow',
    publishedAs: null,
  },
] as const satisfies readonly SchemeRow[]

type Row = (typeof schemeCatalogue)[number]

/** What a row's `twin` must be: the id of the serial row that does the same work. */
type TwinOf<R extends Row> = R extends { readonly overlap: 'serial' }
  ? null
  : Extract<Row, Pick<R, 'family' | 'buffer' | 'ioMode' | 'fill'> & { readonly overlap: 'serial' }>['id']

/** A row whose twin is another has no `SchemeId`, and then `schemeIds` does not compile. */
type WithItsTwin<R extends Row> = R extends { readonly twin: TwinOf<R> } ? R : never

export type SchemeId = WithItsTwin<Row>['id']
export type Scheme = SchemeRow & { readonly id: SchemeId; readonly twin: SchemeId | null }

export const schemeIds = schemeCatalogue.map(scheme => scheme.id) satisfies readonly SchemeId[]
export const schemeIdSchema = z.enum(schemeIds)

const schemesById = new Map<SchemeId, Scheme>(schemeCatalogue.map(scheme => [scheme.id, scheme]))

export function schemeOf(id: SchemeId): Scheme {
  const scheme = schemesById.get(id)
  if (scheme === undefined) throw new RangeError(`scheme ${id} is not in the catalogue`)
  return scheme
}

/** Whether a mapping is what the buffer is written through. A heap whose buffers nobody may map refuses such a load. */
export function needsMapping({ fill }: Pick<Scheme, 'fill'>): boolean {
  return fill !== 'copy-file-range'
}

/** The ordinary way to fill such a buffer: read() through the page cache, nothing overlapped. */
export function plainReadOf(buffer: BufferKind): SchemeId {
  const plain = schemeCatalogue.find(
    row =>
      row.buffer === buffer && row.fill === 'read' && row.ioMode === 'buffered' && row.overlap === 'serial',
  )
  if (plain === undefined) throw new RangeError(`no scheme reads plainly into a ${buffer}`)
  return plain.id
}

/** Schemes whose load is cut into gathers, in the order of the catalogue. */
export const gatherSchemes: readonly SchemeId[] = schemeIds.filter(id => schemeOf(id).overlap === 'gather')

/** Those of them that tell most: direct loads, the kernel's own first. */
export const tellingSchemes = gatherSchemes
  .filter(id => schemeOf(id).ioMode === 'direct')
  .toSorted((a, b) => Number(schemeOf(b).fill === 'ioctl') - Number(schemeOf(a).fill === 'ioctl'))

export function schemesOfFamily(family: Family): readonly Scheme[] {
  return schemeCatalogue.filter(scheme => scheme.family === family)
}
