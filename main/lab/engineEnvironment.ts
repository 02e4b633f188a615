const passedOn =
  /^(PATH|HOME|USER|LOGNAME|LANG|LC_[A-Z]+|TZ|TMPDIR|XDG_[A-Z_]+|DMABUF_LAB_[A-Z_]+|ADB_[A-Z_]+|ANDROID_[A-Z_]+)$/

/** The environment of an engine process: what it needs, without NODE_OPTIONS, LD_PRELOAD and the like. */
export function engineEnvironment(own: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(own).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && passedOn.test(entry[0]),
  )
  return Object.fromEntries(entries)
}
