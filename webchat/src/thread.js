// The conversation in the terms of assistant-ui: messages made of parts.

/**
 * Gives the messages of a session's state (see session.js), the welcome before them. What the library has no part for
 * stands in `metadata.custom`: `buttons`, and of what is not sent yet `status`, `reason` and `canRetry`.
 */
export function threadMessages({ messages, caughtUp }, words) {
  const starters = caughtUp && messages.length === 0 ? words.starters.map((title) => ({ title })) : []
  const welcome = { kind: "bot", key: "welcome", text: words.welcome, buttons: starters }
  return [welcome, ...messages].map(threadMessage)
}

function threadMessage({ kind, key, time, buttons = [], status, reason, canRetry, ...said }) {
  return {
    id: key,
    role: kind === "bot" ? "assistant" : "user",
    createdAt: new Date(time ? time * 1_000 : Date.now()),
    content: [...parts(said)],
    attachments: [],
    status: { type: "complete", reason: "stop" },
    metadata: { custom: { buttons, status, reason, canRetry } },
  }
}

function* parts({ text, image, source, link, as_of }) {
  if (text) yield { type: "text", text }
  if (image) yield { type: "image", image }
  if (!source) return
  const page = link ? { sourceType: "url", url: link } : { sourceType: "document", mediaType: "text/plain" }
  yield { type: "source", id: source, title: source, ...page, providerMetadata: { kefu: { asOf: as_of ?? null } } }
}

/** Gives what the customer typed. */
export function textOf({ content }) {
  return content.map(({ text }) => text ?? "").join("")
}
