// Finds web addresses in a text. They become links; everything else stays the text that it is.

const ADDRESS = /https?:\/\/[^\s<>"'“”‘’，。；：！？、（）《》【】\u4e00-\u9fff]+/g
const TRAILING = /[.,;:!?)\]}]+$/

/** Cuts a text into pieces `{text, address?}`; joined, their texts are the text again. */
export function linked(text) {
  const pieces = []
  let from = 0
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const address = found.replace(TRAILING, "")
    if (!isAddress(address)) continue
    if (index > from) pieces.push({ text: text.slice(from, index) })
    pieces.push({ text: address, address })
    from = index + address.length
  }
  if (from < text.length) pieces.push({ text: text.slice(from) })
  return pieces
}

/** Whether it can be read as an address of the web. */
export function isAddress(text, base) {
  try {
    return ["https:", "http:"].includes(new URL(text, base).protocol)
  } catch {
    return false
  }
}
