// The page. Preact sets texts as text nodes; nothing here writes HTML.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks"
import { isAddress, linked } from "./links.js"
import { keepLanguage, WORDS } from "./words.js"

const NEAR_END_PX = 160
const COUNTS_FROM = 0.8 // of the longest message: from here on the room that is left is shown

export function Page({ session, state, longest, first, storage, onClose }) {
  const [language, setLanguage] = useState(first)
  const words = WORDS[language]
  const input = useRef(null)
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en"
    document.title = words.title
    session.language = () => language
  }, [language])
  const say = (text, payload) => {
    session.say(text, payload)
    input.current?.focus()
  }
  const change = () => {
    const next = language === "zh" ? "en" : "zh"
    setLanguage(next)
    keepLanguage(storage, next)
  }
  return (
    <main class="chat">
      <header>
        <div class="name">
          <h1>{words.title}</h1>
          <p class={`connection ${state.connection}`} role="status">
            {words[state.connection]}
          </p>
        </div>
        <button type="button" class="plain" lang={language === "zh" ? "en" : "zh-CN"} onClick={change}>
          {words.other}
        </button>
        <button type="button" class="person" onClick={() => say(words.askPerson)}>
          {words.person}
        </button>
        {onClose && (
          <button type="button" class="plain close" aria-label={words.close} title={words.close} onClick={onClose}>
            <span aria-hidden="true">×</span>
          </button>
        )}
      </header>
      <Log {...{ state, words, say }} retry={(key) => session.retry(key)} />
      <Composer {...{ input, words, longest }} onSend={(text) => say(text)} />
    </main>
  )
}

function Log({ state, words, say, retry }) {
  const { messages, typing, caughtUp } = state
  const box = useRef(null)
  const [isAtEnd, setAtEnd] = useState(true)
  const last = messages.at(-1)
  const toEnd = () => box.current?.scrollTo({ top: box.current.scrollHeight })
  useLayoutEffect(() => {
    if (isAtEnd || last?.status) toEnd()
  }, [messages.length, last?.key, typing])
  const scrolled = ({ currentTarget: at }) =>
    setAtEnd(at.scrollHeight - at.scrollTop - at.clientHeight < NEAR_END_PX)
  return (
    <div class="middle">
      {/* What a reload brings back is not read out: only what comes after it is. */}
      <div
        class="log"
        role="log"
        aria-label={words.log}
        aria-live={caughtUp ? "polite" : "off"}
        tabIndex={0}
        ref={box}
        onScroll={scrolled}
      >
        <ol>
          <li class="bot" key="welcome">
            <Bubble who={words.bot}>
              <p>{words.welcome}</p>
            </Bubble>
            {caughtUp && messages.length === 0 && (
              <Choices words={words} titles={words.starters} onChoose={(at) => say(words.starters[at])} />
            )}
          </li>
          {messages.map((message) => (
            <Message key={message.key} {...{ message, words, say, retry }} isLast={message === last} />
          ))}
        </ol>
        {typing && (
          <p class="typing">
            <span class="dots" aria-hidden="true">
              <i /><i /><i />
            </span>
            {words.typing}
          </p>
        )}
      </div>
      {!isAtEnd && (
        <button type="button" class="newer" onClick={toEnd}>
          <span aria-hidden="true">↓ </span>
          {words.newer}
        </button>
      )}
    </div>
  )
}

function Message({ message, words, say, retry, isLast }) {
  const { kind, text, source, as_of, image, buttons = [], status } = message
  return (
    <li class={kind}>
      <Bubble who={kind === "bot" ? words.bot : words.you}>
        {text && <p>{kind === "bot" ? linked(text).map(piece) : text}</p>}
        {image && isAddress(image, location.href) && (
          <img src={image} alt={words.image} loading="lazy" referrerpolicy="no-referrer" />
        )}
        {source && (
          <p class="source">
            {words.source(source)}
            {as_of && words.asOf}
            {as_of && <time>{as_of}</time>}
          </p>
        )}
      </Bubble>
      {isLast && buttons.length > 0 && (
        <Choices
          words={words}
          titles={buttons.map(({ title }) => title)}
          onChoose={(at) => say(buttons[at].title, buttons[at].payload)}
        />
      )}
      {status && <Status {...{ message, words, retry }} />}
    </li>
  )
}

function piece({ text, address }) {
  if (!address) return text
  return (
    <a href={address} target="_blank" rel="noopener noreferrer">
      {text}
    </a>
  )
}

function Bubble({ who, children }) {
  return (
    <div class="bubble">
      <span class="unseen">{who}: </span>
      {children}
    </div>
  )
}

function Choices({ words, titles, onChoose }) {
  return (
    <div class="choices" role="group" aria-label={words.choices}>
      {titles.map((title, at) => (
        <button type="button" key={`${at} ${title}`} onClick={() => onChoose(at)}>
          {title}
        </button>
      ))}
    </div>
  )
}

function Status({ message, words, retry }) {
  const { status, reason, canRetry, key } = message
  if (status !== "refused") return <p class="status">{words[status]}</p>
  return (
    <p class="status refused">
      {words.refused[reason] ?? words.refused.bad_message}
      {canRetry && (
        <button type="button" class="plain" onClick={() => retry(key)}>
          {words.retry}
        </button>
      )}
    </p>
  )
}

function Composer({ input, words, longest, onSend }) {
  const [text, setText] = useState("")
  const length = [...text].length // as the server counts: by code points
  const isTooLong = length > longest
  const send = (event) => {
    event.preventDefault()
    if (!text.trim() || isTooLong) return
    onSend(text.trim())
    setText("")
  }
  const pressed = (event) => {
    // While an input method composes, Enter chooses its word.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) send(event)
  }
  useLayoutEffect(() => {
    input.current.style.height = "auto"
    input.current.style.height = `${input.current.scrollHeight}px`
  }, [text])
  return (
    <form class="composer" onSubmit={send}>
      <label class="unseen" for="message">
        {words.input}
      </label>
      <textarea
        id="message"
        ref={input}
        rows={1}
        value={text}
        placeholder={words.hint}
        enterkeyhint="send"
        aria-invalid={isTooLong}
        aria-describedby="room"
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={pressed}
      />
      <button type="submit" class="send" aria-disabled={!text.trim() || isTooLong}>
        {words.send}
      </button>
      <p id="room" class={isTooLong ? "room over" : "room"} role="status">
        {isTooLong && words.tooLong(length - longest)}
        {!isTooLong && length > longest * COUNTS_FROM && words.left(longest - length)}
      </p>
    </form>
  )
}
