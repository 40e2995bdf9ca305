import assert from "node:assert/strict"
import { test } from "node:test"
import { firstLanguage, WORDS } from "../src/words.js"

const kept = (language) => ({ getItem: () => language })

test("the customer's choice goes before the shop's, and that before the browser's", () => {
  assert.equal(firstLanguage(kept("en"), "zh", ["zh-CN"]), "en")
  assert.equal(firstLanguage(kept(null), "zh-CN", ["en-GB"]), "zh")
  assert.equal(firstLanguage(kept(null), null, ["fr", "zh-TW", "en"]), "zh")
  assert.equal(firstLanguage(null, "xx", ["fr"]), "en")
})

test("both languages have the same words", () => {
  const shape = (value) =>
    Object.entries(value).map(([name, inner]) =>
      [name, typeof inner, typeof inner === "object" && !Array.isArray(inner) ? shape(inner) : ""],
    )
  assert.deepEqual(shape(WORDS.zh), shape(WORDS.en))
})
