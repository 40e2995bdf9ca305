// Where the customer types.

import { ComposerPrimitive, useAuiState } from "@assistant-ui/react"
import { useChat } from "./context.js"

const COUNTS_FROM = 0.8 // of the longest message: from here on the room that is left is shown
const COMPOSING = 229

/** @param input a ref that gets the text field, and `longest`, the characters that a message may have */
export function Composer({ input, longest }) {
  const { words } = useChat()
  const text = useAuiState(({ composer }) => composer.text)
  const length = [...text].length // as the server counts: by code points
  const isTooLong = length > longest
  return (
    <ComposerPrimitive.Root className="composer" onSubmit={(event) => isTooLong && event.preventDefault()}>
      <label className="unseen" htmlFor="message">
        {words.input}
      </label>
      <ComposerPrimitive.Input
        id="message"
        ref={input}
        minRows={1}
        placeholder={words.hint}
        enterKeyHint="send"
        aria-invalid={isTooLong}
        aria-describedby="room"
        onKeyDown={leaveToInputMethod}
      />
      {/* Not the library's button, which is disabled while there is nothing to send: the keyboard would pass it by. */}
      <button type="submit" className="send" aria-disabled={!text.trim() || isTooLong}>
        {words.send}
      </button>
      <p id="room" className={isTooLong ? "room over" : "room"} role="status">
        {isTooLong && words.tooLong(length - longest)}
        {!isTooLong && length > longest * COUNTS_FROM && words.left(longest - length)}
      </p>
    </ComposerPrimitive.Root>
  )
}

/** In Safari the Enter that chooses an input method's word comes after its composition has ended. */
function leaveToInputMethod(event) {
  if (event.key === "Enter" && event.keyCode === COMPOSING) event.preventDefault()
}
