// A conversation over docs/webchat_protocol.md, without a page: numbers, reconnects, and what is still to be sent.

import { keep, read } from "./storage.js"

const ACK_MS = 15_000
const REJOIN_MS = 3_000
const TRIES_WITHOUT_ANSWER = 2 // of one message over one connection; after that the customer decides
const TOKEN = "kefu.token"
const OUTBOX = "kefu.outbox"
// Refusals after which sending the same again may help.
const PASSING = new Set(["too_fast", "trouble", "expired", "no_answer"])

/**
 * Holds one conversation and tells `onChange` of every change of `state`:
 * `connection`: connecting, online or offline; `typing`; `messages` in the order of their numbers, those that have none
 * yet at the end; `caughtUp`: whether everything that was missed is there.
 */
export class ChatSession {
  /**
   * @param socket a Socket.IO client, not yet connected
   * @param lasting where the token is kept (localStorage), or null
   * @param ofTab where unsent messages are kept over a reload (sessionStorage), or null
   * @param shopToken signed by the shop for a customer who has signed in; it is never kept
   */
  constructor({ socket, lasting, ofTab, shopToken = null, language = () => "zh", newId = randomId, onChange }) {
    this.socket = socket
    this.lasting = lasting
    this.ofTab = ofTab
    this.shopToken = shopToken
    this.language = language
    this.newId = newId
    this.onChange = onChange ?? (() => {})
    this.numbered = new Map()
    this.outbox = unsent(ofTab)
    this.sessionId = null
    this.lastId = 0
    this.isJoined = false
    this.isSending = false
    this.connection = "connecting"
    this.typing = false
    this.caughtUp = false
    socket.on("connect", () => this.#join())
    socket.on("disconnect", (reason) => this.#lost(reason))
    socket.on("connect_error", () => this.#lost())
    socket.on("session_confirm", (data) => this.#confirmed(data))
    socket.on("session_refused", () => this.#forgetToken())
    socket.on("bot_uttered", (data) => this.#arrived("bot", data))
    socket.on("user_echo", (data) => this.#arrived("user", data))
    socket.on("typing", ({ on }) => this.#change({ typing: Boolean(on) }))
  }

  start() {
    this.socket.connect()
  }

  get state() {
    const { connection, typing, caughtUp } = this
    const numbered = [...this.numbered.values()].sort((one, other) => one.id - other.id)
    return { connection, typing, caughtUp, messages: [...numbered, ...this.outbox] }
  }

  /** Takes what the customer says, or the button that he pressed; it goes out as soon as there is a connection. */
  say(text, payload = null) {
    const session = this.sessionId
    this.outbox.push({ key: this.newId(), kind: "user", text, payload, session, status: "waiting", tries: 0 })
    this.#keepOutbox()
    this.#changed()
    this.#send()
  }

  /** Sends again, under the same id, what was not taken. */
  retry(key) {
    const message = this.outbox.find((waiting) => waiting.key === key)
    if (!message) return
    Object.assign(message, { session: this.sessionId, status: "waiting", reason: null, tries: 0 })
    this.#keepOutbox()
    this.#changed()
    this.#send()
  }

  #join() {
    const token = this.#token()
    const request = { last_id: this.lastId, language: this.language(), ...(token ? { token } : {}) }
    this.socket.timeout(ACK_MS).emit("session_request", request, (error, answer) => {
      if (!error && answer.ok) {
        this.isJoined = true
        this.#change({ connection: "online", caughtUp: true })
        this.#send()
      } else if (!error && (answer.reason === "invalid" || answer.reason === "expired")) {
        this.#forgetToken()
        this.#join() // as a new visitor
      } else if (this.socket.connected) {
        setTimeout(() => this.socket.connected && !this.isJoined && this.#join(), REJOIN_MS)
      }
    })
  }

  #lost(reason) {
    this.isJoined = false
    this.isSending = false
    for (const message of this.outbox) if (message.status === "sending") message.status = "waiting"
    this.#change({ connection: "offline", typing: false })
    // The client library comes back by itself, but not where the server has closed the connection.
    if (reason === "io server disconnect") setTimeout(() => this.socket.connect(), REJOIN_MS)
  }

  #confirmed({ token, session_id, reset, typing }) {
    if (!this.shopToken) keep(this.lasting, TOKEN, token)
    if (reset || (this.sessionId && this.sessionId !== session_id)) {
      this.numbered.clear()
      this.lastId = 0
    }
    this.#takeOutboxTo(session_id)
    this.sessionId = session_id
    this.#change({ typing: Boolean(typing) })
  }

  /** Sends nothing by itself into another conversation than the one that it was said in. */
  #takeOutboxTo(sessionId) {
    const belongs = ({ session }) => session === null || session === sessionId
    // What another visitor of this browser said before a reload is nothing to show.
    this.outbox = this.outbox.filter((message) => belongs(message) || !message.isRestored)
    for (const message of this.outbox) {
      if (belongs(message)) message.session = sessionId
      else refuse(message, message.payload ? "choice_gone" : "expired")
    }
    this.#keepOutbox()
  }

  #arrived(kind, data) {
    if (this.numbered.has(data.id)) return
    if (data.client_id) this.outbox = this.outbox.filter((message) => message.key !== data.client_id)
    this.#number({ ...data, kind, key: data.client_id ?? `n${data.id}` })
    this.#keepOutbox()
    this.socket.emit("ack", { id: this.lastId })
  }

  #number(message) {
    this.numbered.set(message.id, message)
    this.lastId = Math.max(this.lastId, message.id)
    this.#changed()
  }

  /** One after the other, so that they arrive in the order in which they were said. */
  #send() {
    const message = this.outbox.find(({ status }) => status === "waiting")
    if (!message || !this.isJoined || this.isSending) return
    this.isSending = true
    Object.assign(message, { status: "sending", tries: message.tries + 1 })
    this.#changed()
    const { key, text, payload } = message
    const sent = { id: key, message: text, ...(payload ? { payload } : {}) }
    this.socket.timeout(ACK_MS).emit("user_uttered", sent, (error, answer) => {
      if (message.status !== "sending") return // the connection was lost: it is sent again over the next one
      this.isSending = false
      if (error) this.#unanswered(message)
      else if (answer.ok) this.#taken(message, answer.id)
      else this.#refused(message, answer)
      this.#keepOutbox()
      this.#changed()
      this.#send()
    })
  }

  #unanswered(message) {
    if (message.tries < TRIES_WITHOUT_ANSWER) message.status = "waiting"
    else refuse(message, "no_answer")
  }

  #taken(message, id) {
    this.outbox = this.outbox.filter((one) => one !== message)
    const { key, text } = message
    if (!this.numbered.has(id)) this.#number({ id, key, kind: "user", text, time: Date.now() / 1000 })
  }

  #refused(message, { reason, retry_after }) {
    if (reason === "no_session" || reason === "expired") {
      this.isJoined = false
      if (reason === "expired") this.#forgetToken()
      message.status = "waiting"
      this.#join()
    } else {
      refuse(message, reason, retry_after)
    }
  }

  #token() {
    return this.shopToken ?? read(this.lasting, TOKEN)
  }

  #forgetToken() {
    this.shopToken = null
    keep(this.lasting, TOKEN, null)
  }

  #keepOutbox() {
    const kept = this.outbox.filter(({ status }) => status !== "refused")
    const messages = kept.map((message) => ({ ...message, status: "waiting", tries: 0 }))
    keep(this.ofTab, OUTBOX, messages.length ? JSON.stringify(messages) : null)
  }

  #change(values) {
    Object.assign(this, values)
    this.#changed()
  }

  #changed() {
    this.onChange(this.state)
  }
}

function refuse(message, reason, retryAfter) {
  Object.assign(message, { status: "refused", reason, retryAfter, canRetry: PASSING.has(reason) })
}

function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
}

/** Gives what could not be sent before a reload. */
function unsent(storage) {
  try {
    return JSON.parse(read(storage, OUTBOX) ?? "[]").map((message) => ({ ...message, isRestored: true }))
  } catch {
    return []
  }
}
