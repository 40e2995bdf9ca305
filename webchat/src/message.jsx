// One message: its parts in a bubble, the choices under it, and whether it has arrived. All texts become text nodes.

import { MessagePrimitive, useAuiState } from "@assistant-ui/react"
import { useChat } from "./context.js"
import { isAddress, linked } from "./links.js"

export function Message() {
  const { words } = useChat()
  const isBot = useAuiState(({ message }) => message.role === "assistant")
  return (
    <MessagePrimitive.Root asChild>
      <li className={isBot ? "bot" : "user"}>
        {/* Who has just typed something need not have it read out. */}
        <div className="bubble" aria-live={isBot ? null : "off"}>
          <span className="unseen">{isBot ? words.bot : words.you}: </span>
          <MessagePrimitive.Parts components={{ Text: isBot ? LinkedText : Text, Image, Source }} />
        </div>
        <Choices />
        <Status />
      </li>
    </MessagePrimitive.Root>
  )
}

function Text({ text }) {
  return <p>{text}</p>
}

function LinkedText({ text }) {
  return <p>{linked(text).map((piece) => (piece.address ? <Link {...piece} key={piece.address} /> : piece.text))}</p>
}

function Link({ text, address }) {
  return (
    <a href={address} target="_blank" rel="noopener noreferrer">
      {text}
    </a>
  )
}

function Image({ image }) {
  const { words } = useChat()
  if (!isAddress(image, location.href)) return null
  return <img src={image} alt={words.image} loading="lazy" referrerPolicy="no-referrer" />
}

function Source({ title, url, providerMetadata }) {
  const { words } = useChat()
  const { asOf } = providerMetadata.kefu
  return (
    <p className="source">
      <span className="page">
        {words.source}
        {isAddress(url) ? <Link text={title} address={url} /> : title}
      </span>{" "}
      {asOf && <AsOf date={asOf} />}
    </p>
  )
}

function AsOf({ date }) {
  const { words } = useChat()
  return (
    <span className="as-of">
      {words.asOf}
      <time>{date}</time>
    </span>
  )
}

/** The choices of the latest message; earlier ones are no longer good. */
function Choices() {
  const { words, say } = useChat()
  const isLast = useAuiState(({ message }) => message.isLast)
  const buttons = useAuiState(({ message }) => message.metadata.custom.buttons)
  if (!isLast || buttons.length === 0) return null
  return (
    <div className="choices" role="group" aria-label={words.choices}>
      {buttons.map(({ title, payload }, at) => (
        <button type="button" key={`${at} ${title}`} onClick={() => say(title, payload)}>
          {title}
        </button>
      ))}
    </div>
  )
}

function Status() {
  const { words, retry } = useChat()
  const id = useAuiState(({ message }) => message.id)
  const { status, reason, canRetry } = useAuiState(({ message }) => message.metadata.custom)
  if (!status) return null
  if (status !== "refused") return <p className="status">{words[status]}</p>
  return (
    <p className="status refused">
      {words.refused[reason] ?? words.refused.bad_message}
      {canRetry && (
        <button type="button" className="plain" onClick={() => retry(id)}>
          {words.retry}
        </button>
      )}
    </p>
  )
}
