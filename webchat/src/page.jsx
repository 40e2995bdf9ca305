// The page: its header, and the conversation below it.

import { AuiConfig, AuiProvider, ExternalThread, ThreadPrimitive } from "@assistant-ui/react"
import { useEffect, useMemo, useRef, useState } from "react"
import { Composer } from "./composer.jsx"
import { Chat } from "./context.js"
import { Header, tagOf } from "./header.jsx"
import { Log } from "./log.jsx"
import { textOf, threadMessages } from "./thread.js"
import { keepLanguage, WORDS } from "./words.js"

/**
 * @param session the ChatSession, and `state`, its latest state
 * @param longest characters that a message may have
 * @param first language to begin in: zh or en; the customer's choice is kept in `storage`
 * @param onClose called by the button that puts the page away; none without it
 */
export function Page({ session, state, longest, first, storage, onClose }) {
  const [language, setLanguage] = useState(first)
  const input = useRef(null)
  const words = WORDS[language]
  const { connection, typing, caughtUp } = state
  const chat = useMemo(() => {
    const say = (text, payload) => {
      session.say(text, payload)
      input.current?.focus()
    }
    return { words, say, retry: (key) => session.retry(key) }
  }, [words, session])
  const messages = useMemo(() => threadMessages(state, words), [state, words])
  useEffect(() => {
    document.documentElement.lang = tagOf(language)
    document.title = words.title
    session.language = () => language
  }, [language])
  const change = (next) => {
    setLanguage(next)
    keepLanguage(storage, next)
  }
  const thread = ExternalThread({ messages, onNew: (message) => chat.say(textOf(message).trim()) })
  return (
    <Chat.Provider value={chat}>
      <AuiProvider config={AuiConfig({ thread })}>
        <ThreadPrimitive.ViewportProvider>
          <ThreadPrimitive.Root asChild>
            <main className="chat">
              <Header {...{ connection, language, change, onClose }} />
              <p className="notice" role="status">
                {connection === "offline" && words.reconnecting}
              </p>
              <Log {...{ typing, caughtUp }} />
              <Composer {...{ input, longest }} />
            </main>
          </ThreadPrimitive.Root>
        </ThreadPrimitive.ViewportProvider>
      </AuiProvider>
    </Chat.Provider>
  )
}
