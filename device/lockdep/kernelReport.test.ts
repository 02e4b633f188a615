import { describe, expect, test } from 'vitest'
import { kernelReport } from './kernelReport.ts'

/** As Linux 6.12.117 writes them, without most of the stacks. */
const circular = `dmabuf_lab_lockdep: begins

======================================================
WARNING: possible circular locking dependency detected
6.12.117-debug #1 Tainted: G           O
------------------------------------------------------
lockdep_play/823 is trying to acquire lock:
ffffffff82a0d560 (x){++++}-{0:0}, at: play_thread+0x141/0x530 [dmabuf_lab_lockdep]

but task is already holding lock:
ffff88800a85d000 (m#2){+.+.}-{0:0}, at: play_thread+0x141/0x530 [dmabuf_lab_lockdep]

which lock already depends on the new lock.

the existing dependency chain (in reverse order) is:

-> #2 (m#2){+.+.}-{0:0}:
       play_thread+0x15c/0x530 [dmabuf_lab_lockdep]

-> #1 (a name: of b/c){+.+.}-{0:0}:
       play_thread+0x15c/0x530 [dmabuf_lab_lockdep]

-> #0 (x){++++}-{0:0}:
       __lock_acquire+0x20af/0x3810

other info that might help us debug this:
dmabuf_lab_lockdep: ends
`
const recursive = `[   51.779001] ============================================
[   51.779002] WARNING: possible recursive locking detected
[   51.779003] 6.12.117-debug #1 Tainted: G           O
[   51.779004] --------------------------------------------
[   51.779005] lockdep_play/212 is trying to acquire lock:
[   51.779006] ffff88800b941078 (c){+.+.}-{0:0}, at: play_thread+0x141/0x530 [dmabuf_lab_lockdep]
[   51.779007]
[   51.779008] but task is already holding lock:
[   51.779009] ffff88800b941050 (c){+.+.}-{0:0}, at: play_thread+0x141/0x530 [dmabuf_lab_lockdep]
`

describe('kernelReport', () => {
  test('a circle is read from the held lock on, without the numbers of classes', () => {
    expect(kernelReport(circular)).toEqual({
      kind: 'circular',
      classes: ['m', 'x', 'a name: of b/c', 'm'],
      said: 'WARNING: possible circular locking dependency detected',
    })
  })

  test('a recursive lock is its class, twice', () => {
    expect(kernelReport(recursive)).toMatchObject({ kind: 'recursive', classes: ['c', 'c'] })
  })

  test('anything else keeps what the kernel said first', () => {
    expect(kernelReport('[ 1.0] BUG: MAX_LOCK_DEPTH too low!\nmore')).toEqual({
      kind: 'other',
      classes: [],
      said: 'BUG: MAX_LOCK_DEPTH too low!',
    })
    expect(kernelReport('').said).toBe('nothing in the log')
  })
})
