// The conversation, which follows its end unless the customer reads further up.

import { ThreadPrimitive, useAuiState, useThreadViewport } from "@assistant-ui/react"
import { useEffect, useRef } from "react"
import { useChat } from "./context.js"
import { Message } from "./message.jsx"

const ABOVE_PX = 12 // that stay free above a message shown from its beginning

/**
 * @param typing whether the assistant works on an answer
 * @param caughtUp whether everything that was missed is there
 */
export function Log({ typing, caughtUp }) {
  const { words } = useChat()
  const box = useRef(null)
  const toEnd = useThreadViewport((viewport) => viewport.scrollToBottom)
  const { id, metadata } = useAuiState(({ thread }) => thread.messages.at(-1))
  useEffect(() => {
    if (metadata.custom.status) toEnd({ behavior: "instant" }) // the customer has just said it
    return fromItsBeginning(box.current)
  }, [id, toEnd])
  return (
    <div className="middle">
      {/* What a reload brings back is not read out: only what comes after it is. */}
      <ThreadPrimitive.Viewport
        className="log"
        role="log"
        aria-label={words.log}
        aria-live={caughtUp ? "polite" : "off"}
        tabIndex={0}
        ref={box}
      >
        <ol>
          <ThreadPrimitive.Messages components={{ Message }} />
        </ol>
        {typing && <Typing />}
      </ThreadPrimitive.Viewport>
      {/* It goes away when pressed, and must not take the focus with it. */}
      <ThreadPrimitive.ScrollToBottom
        className="newer"
        aria-label={words.newer}
        title={words.newer}
        behavior="instant"
        onClick={() => box.current.focus()}
      >
        <span aria-hidden="true">↓</span>
      </ThreadPrimitive.ScrollToBottom>
    </div>
  )
}

/**
 * Shows the latest message from its beginning if there is no room for all of it, where the log would follow its end.
 * Observers are told in the order in which they were made: the library's, which follows, before this one.
 */
function fromItsBeginning(log) {
  const item = log.querySelector("li:last-child")
  const observer = new ResizeObserver(() => {
    observer.disconnect()
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight <= 1
    if (isAtEnd && item.offsetHeight > log.clientHeight) log.scrollTop = item.offsetTop - ABOVE_PX
  })
  observer.observe(item)
  return () => observer.disconnect()
}

function Typing() {
  const { words } = useChat()
  return (
    <p className="typing">
      <span className="dots" aria-hidden="true">
        <i /><i /><i />
      </span>
      {words.typing}
    </p>
  )
}
