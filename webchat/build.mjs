// Bundles src/ into channels/webchat_files, which the Python package serves. The bundles are committed; a test compares
// the digest on their first line with that of the sources.

import { createHash } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const path = (name) => fileURLToPath(new URL(name, import.meta.url))
const sources = readdirSync(path("src")).sort()

const digest = createHash("sha256")
for (const name of ["package-lock.json", ...sources.map((file) => `src/${file}`)]) {
  digest.update(readFileSync(path(name)))
}
const banner = `/* Kefu, Apache-2.0; with Preact and socket.io-client, MIT. Sources: ${digest.digest("hex")} */`

for (const [source, name, format] of [
  ["main.jsx", "chat-page.js", "esm"],
  ["chat-page.css", "chat-page.css"],
  ["embed.js", "chat.js", "iife"],
  ["embed.css", "embed.css"],
]) {
  await build({
    entryPoints: [path(`src/${source}`)],
    outfile: path(`../channels/webchat_files/${name}`),
    format,
    bundle: true,
    minify: true,
    target: ["es2022"],
    charset: "utf8",
    legalComments: "none",
    banner: { js: banner, css: banner },
    jsx: "automatic",
    jsxImportSource: "preact",
  })
}
