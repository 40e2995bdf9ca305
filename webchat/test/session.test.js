// The session against a socket and a storage in memory.

import assert from "node:assert/strict"
import { beforeEach, test } from "node:test"
import { ChatSession } from "../src/session.js"

class Socket {
  handlers = {}
  sent = []
  connected = false
  on(event, handle) {
    this.handlers[event] = handle
  }
  connect() {
    this.connected = true
    this.handlers.connect()
  }
  lose(reason = "transport close") {
    this.connected = false
    this.handlers.disconnect(reason)
    for (const { answer } of this.sent.splice(0)) answer?.(new Error("disconnected"))
  }
  timeout() {
    return this
  }
  emit(event, data, answer) {
    this.sent.push({ event, data, answer })
  }
  receive(event, data) {
    this.handlers[event](data)
  }
  /** Takes the latest event of this name that was sent. */
  take(event) {
    const at = this.sent.findIndex((one) => one.event === event)
    assert.notEqual(at, -1, `no ${event} was sent`)
    return this.sent.splice(at, 1)[0]
  }
  count(event) {
    return this.sent.filter((one) => one.event === event).length
  }
  /** Confirms the session that was asked for, and gives the request. */
  confirm(more = {}) {
    const { data, answer } = this.take("session_request")
    this.receive("session_confirm", { token: "t1", session_id: "s1", last_id: 0, typing: false, reset: false, ...more })
    answer(null, { ok: true })
    return data
  }
}

class Storage {
  values = {}
  getItem(name) {
    return this.values[name] ?? null
  }
  setItem(name, value) {
    this.values[name] = value
  }
  removeItem(name) {
    delete this.values[name]
  }
}

let socket, lasting, ofTab, ids

beforeEach(() => {
  lasting = new Storage()
  ofTab = new Storage()
  ids = 0
})

function open(more = {}) {
  socket = new Socket()
  const session = new ChatSession({ socket, lasting, ofTab, newId: () => `m${++ids}`, ...more })
  session.start()
  return session
}

const texts = (session) => session.state.messages.map(({ text }) => text)
const bot = (id, text = `bot ${id}`) => socket.receive("bot_uttered", { id, text, buttons: [] })

test("a new visitor has no token; the one he gets is kept and sent from then on", () => {
  open()
  assert.deepEqual(socket.confirm(), { last_id: 0, language: "zh" })
  open()
  assert.equal(socket.confirm().token, "t1")
})

test("a message goes out once the session is confirmed, and takes the number of the answer", () => {
  const session = open()
  session.say("hello")
  assert.equal(socket.count("user_uttered"), 0)
  socket.confirm()
  const { data, answer } = socket.take("user_uttered")
  assert.deepEqual(data, { id: "m1", message: "hello" })
  bot(2)
  answer(null, { ok: true, id: 1 })
  assert.deepEqual(texts(session), ["hello", "bot 2"])
  assert.equal(session.state.messages[0].status, undefined)
})

test("each number is shown once and in order, and acknowledged", () => {
  const session = open()
  socket.confirm()
  bot(2)
  bot(1)
  bot(2, "again")
  assert.deepEqual(texts(session), ["bot 1", "bot 2"])
  assert.equal(socket.count("ack"), 2)
})

test("messages are sent one after the other", () => {
  const session = open()
  socket.confirm()
  session.say("one")
  session.say("two")
  assert.equal(socket.count("user_uttered"), 1)
  socket.take("user_uttered").answer(null, { ok: true, id: 1 })
  assert.equal(socket.take("user_uttered").data.message, "two")
})

test("what was not acknowledged is sent again once after a lost connection, under the same id", () => {
  const session = open()
  socket.confirm()
  session.say("hello")
  bot(1)
  socket.lose()
  assert.equal(session.state.connection, "offline")
  assert.equal(session.state.messages.at(-1).status, "waiting")
  socket.connect()
  assert.equal(socket.confirm().last_id, 1)
  assert.equal(socket.count("user_uttered"), 1)
  const { data, answer } = socket.take("user_uttered")
  assert.equal(data.id, "m1")
  answer(null, { ok: true, id: 2 })
  assert.deepEqual(texts(session), ["bot 1", "hello"])
  assert.equal(socket.count("user_uttered"), 0)
})

test("without an answer a message is sent twice, then the customer decides", () => {
  const session = open()
  socket.confirm()
  session.say("hello")
  socket.take("user_uttered").answer(new Error("timeout"))
  socket.take("user_uttered").answer(new Error("timeout"))
  assert.equal(socket.count("user_uttered"), 0)
  const [message] = session.state.messages
  assert.deepEqual([message.status, message.canRetry], ["refused", true])
  session.retry("m1")
  assert.equal(socket.take("user_uttered").data.id, "m1")
})

test("what was said offline survives a reload and goes out in its conversation", () => {
  const before = open()
  socket.confirm()
  socket.lose()
  before.say("said offline")
  const after = open()
  assert.deepEqual(texts(after), ["said offline"])
  socket.confirm()
  assert.equal(socket.take("user_uttered").data.id, "m1")
})

test("what arrived before a reload is not sent again", () => {
  open().say("hello")
  socket.confirm()
  const after = open()
  const { answer } = socket.take("session_request")
  socket.receive("session_confirm", { token: "t1", session_id: "s1", last_id: 1, typing: true, reset: false })
  socket.receive("user_echo", { id: 1, text: "hello", client_id: "m1" })
  answer(null, { ok: true })
  assert.equal(socket.count("user_uttered"), 0)
  assert.deepEqual(texts(after), ["hello"])
  assert.equal(after.state.typing, true)
})

test("what one visitor could not send is neither sent nor shown in another's conversation", () => {
  open()
  socket.confirm()
  socket.lose()
  open().say("secret")
  socket.confirm()
  const after = open()
  socket.confirm({ session_id: "s2" })
  assert.equal(socket.count("user_uttered"), 0)
  assert.deepEqual(texts(after), [])
})

test("a refused token is dropped, and a new visitor asks", () => {
  lasting.setItem("kefu.token", "old")
  open()
  const { data, answer } = socket.take("session_request")
  assert.equal(data.token, "old")
  socket.receive("session_refused", { reason: "expired" })
  answer(null, { ok: false, reason: "expired" })
  assert.equal(socket.confirm().token, undefined)
})

test("when the session's time is over, the customer decides whether the next one gets his words", () => {
  const session = open()
  socket.confirm()
  session.say("hello")
  socket.take("user_uttered").answer(null, { ok: false, reason: "expired" })
  assert.equal(socket.confirm({ session_id: "s2" }).token, undefined)
  assert.equal(socket.count("user_uttered"), 0)
  assert.equal(session.state.messages[0].reason, "expired")
  session.retry("m1")
  assert.equal(socket.count("user_uttered"), 1)
})

test("a choice that is gone cannot be sent again", () => {
  const session = open()
  socket.confirm()
  session.say("Yes", "key")
  const { data, answer } = socket.take("user_uttered")
  assert.equal(data.payload, "key")
  answer(null, { ok: false, reason: "choice_gone" })
  assert.equal(session.state.messages[0].canRetry, false)
})

test("numbers that the server never gave are forgotten", () => {
  const session = open()
  socket.confirm()
  bot(7)
  socket.lose()
  socket.connect()
  socket.confirm({ reset: true })
  bot(1)
  assert.deepEqual(texts(session), ["bot 1"])
})

test("the shop's token is sent and never kept", () => {
  open({ shopToken: "signed" })
  assert.equal(socket.confirm().token, "signed")
  assert.deepEqual(lasting.values, {})
})

test("a browser that forbids storage, or holds rubbish, still has a conversation", () => {
  lasting = { getItem: () => { throw new Error() }, setItem: () => { throw new Error() } }
  ofTab.setItem("kefu.outbox", "{rubbish")
  const session = open()
  session.say("hello")
  socket.confirm()
  assert.equal(socket.count("user_uttered"), 1)
})

test("a connection that the server closed is opened again", async (context) => {
  const later = []
  context.mock.method(globalThis, "setTimeout", (run) => later.push(run))
  open()
  socket.confirm()
  socket.lose("io server disconnect")
  later.forEach((run) => run())
  assert.equal(socket.connected, true)
})
