// Of Node's own variables only where compiled modules are kept: an engine that compiles nothing starts in half the time.
const everywhere =
  /^(PATH|HOME|USER|LOGNAME|LANG|LC_[A-Z]+|TZ|TMPDIR|XDG_[A-Z_]+|DMABUF_LAB_[A-Z_]+|ADB_[A-Z_]+|ANDROID_[A-Z_]+|NODE_COMPILE_CACHE)$/
/** Without these a Windows program finds neither its libraries nor a place for files, and adb not its keys. */
const onWindows =
  /^(SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|USERPROFILE|USERNAME|HOMEDRIVE|HOMEPATH|TEMP|TMP|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES)$/

/** The environment of an engine process: what it needs, without NODE_OPTIONS, LD_PRELOAD and the like. */
export function engineEnvironment(
  own: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): Record<string, string> {
  const entries = Object.entries(own).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && isPassedOn(entry[0], platform),
  )
  return Object.fromEntries(entries)
}

/** Windows spells its variables as it likes: `Path`, `SystemRoot`. */
function isPassedOn(name: string, platform: NodeJS.Platform): boolean {
  if (platform !== 'win32') return everywhere.test(name)
  const upper = name.toUpperCase()
  return everywhere.test(upper) || onWindows.test(upper)
}
