import assert from "node:assert/strict"
import { test } from "node:test"
import { textOf, threadMessages } from "../src/thread.js"
import { WORDS } from "../src/words.js"

const words = WORDS.en
const bot = (said) => ({ kind: "bot", key: "n1", id: 1, time: 1_700_000_000, ...said })
const messages = (...said) => threadMessages({ messages: said, caughtUp: true }, words)

test("the welcome goes first, and offers a beginning while nothing was said", () => {
  const buttonsOf = ([{ metadata }]) => metadata.custom.buttons.map(({ title }) => title)
  assert.deepEqual(buttonsOf(messages()), words.starters)
  assert.deepEqual(buttonsOf(messages(bot({ text: "Hello" }))), [])
  assert.deepEqual(buttonsOf(threadMessages({ messages: [], caughtUp: false }, words)), [])
})

test("an answer is its text, its picture and its source", () => {
  const said = { text: "7 days", image: "https://a.example/b.png", source: "Returns", as_of: "2026-11-20" }
  const [, { id, role, content }] = messages(bot({ ...said, link: "https://a.example/returns" }))
  assert.deepEqual([id, role], ["n1", "assistant"])
  assert.deepEqual(content.map(({ type }) => type), ["text", "image", "source"])
  const [, , { title, url, providerMetadata }] = content
  assert.deepEqual([title, url], ["Returns", "https://a.example/returns"])
  assert.equal(providerMetadata.kefu.asOf, "2026-11-20")
})

test("a source without a page is no link, and may have no date", () => {
  const [, { content }] = messages(bot({ source: "Returns", link: null, as_of: null }))
  assert.deepEqual([content[0].url, content[0].providerMetadata.kefu.asOf], [undefined, null])
})

test("what the customer said has its status, until it has arrived", () => {
  const refused = { kind: "user", key: "a", text: "hi", status: "refused", reason: "too_fast", canRetry: true }
  const [, { role, metadata }] = messages(refused)
  assert.equal(role, "user")
  assert.deepEqual(metadata.custom, { buttons: [], status: "refused", reason: "too_fast", canRetry: true })
})

test("what was typed is the text of a new message", () => {
  assert.equal(textOf({ content: [{ type: "text", text: "where is it" }] }), "where is it")
})
