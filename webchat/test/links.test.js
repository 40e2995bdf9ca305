import assert from "node:assert/strict"
import { test } from "node:test"
import { linked } from "../src/links.js"

const addresses = (text) => linked(text).flatMap(({ address }) => address ?? [])

test("addresses become links, without what ends the sentence", () => {
  assert.deepEqual(addresses("See https://shop.example/help?a=1, or (http://b.example)."), [
    "https://shop.example/help?a=1",
    "http://b.example",
  ])
  assert.deepEqual(addresses("请看https://shop.example/帮助。谢谢"), ["https://shop.example/"])
})

test("no other scheme becomes one", () => {
  for (const text of ["javascript:alert(1)", "data:text/html,x", "https://", '"><img src=x onerror=alert(1)>'])
    assert.deepEqual(addresses(text), [])
})

test("no character of the text is lost", () => {
  for (const text of ["", "a https://b.example c", "https://b.example", "<b>https://b.example</b>\n!"])
    assert.equal(linked(text).map((piece) => piece.text).join(""), text)
})
