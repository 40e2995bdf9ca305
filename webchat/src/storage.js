// The browser's storage, which may be forbidden (frames, where third parties' is blocked) or full: then nothing is kept.

export function usable(name) {
  try {
    return window[name]
  } catch {
    return null
  }
}

export function read(storage, name) {
  try {
    return storage?.getItem(name) ?? null
  } catch {
    return null
  }
}

/** Keeps a value; null removes it. */
export function keep(storage, name, value) {
  try {
    if (value === null) storage?.removeItem(name)
    else storage?.setItem(name, value)
  } catch {
    // see above
  }
}
