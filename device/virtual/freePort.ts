import { createServer } from 'node:net'

/** adb looks for emulators on these, in every server of the machine. */
const EMULATOR_PORTS = { first: 5554, last: 5585 }

/** `preferred` when it is free on loopback, otherwise any free port that adb does not scan. */
export async function freePort(preferred: number | null): Promise<number> {
  if (preferred !== null && (await isFree(preferred))) return preferred
  for (;;) {
    const port = await anyFreePort()
    if (port < EMULATOR_PORTS.first || port > EMULATOR_PORTS.last) return port
  }
}

export async function isFree(port: number): Promise<boolean> {
  return (await listen(port)) !== null
}

async function anyFreePort(): Promise<number> {
  const port = await listen(0)
  if (port === null) throw new Error('the system gave no free port')
  return port
}

/** Binds and releases a loopback port; null when it is taken. */
function listen(port: number): Promise<number | null> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null))
    })
  })
}
