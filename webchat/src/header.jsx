// The name, the connection, the language, and the way to a person: always in sight.

import { useChat } from "./context.js"

const OTHER = { zh: "en", en: "zh" }

export function Header({ language, connection, change, onClose }) {
  const { words, say } = useChat()
  return (
    <header>
      <div className="name">
        <h1>{words.title}</h1>
        <p className={`connection ${connection}`} role="status">
          {words[connection]}
        </p>
      </div>
      <button type="button" className="plain" lang={tagOf(OTHER[language])} onClick={() => change(OTHER[language])}>
        {words.other}
      </button>
      <button type="button" className="person" onClick={() => say(words.askPerson)}>
        {words.person}
      </button>
      {onClose && (
        <button type="button" className="plain close" aria-label={words.close} title={words.close} onClick={onClose}>
          <span aria-hidden="true">×</span>
        </button>
      )}
    </header>
  )
}

/** Gives the language's tag for the attribute `lang`. */
export function tagOf(language) {
  return language === "zh" ? "zh-CN" : "en"
}
