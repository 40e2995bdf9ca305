// Bundles src/ into channels/webchat_files, which the Python package serves, with the licences of all packages in them.
// The bundles are committed; a test compares the digest on their first line with that of the sources.

import { createHash } from "node:crypto"
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const path = (name) => fileURLToPath(new URL(name, import.meta.url))
const sources = readdirSync(path("src")).sort()

const digest = createHash("sha256")
for (const name of ["package-lock.json", ...sources.map((file) => `src/${file}`)]) {
  digest.update(readFileSync(path(name)))
}
const banner = `/* Kefu, Apache-2.0; others: third-party-licences.txt. Sources: ${digest.digest("hex")} */`
const bundled = new Set()

for (const [source, name, format] of [
  ["main.jsx", "chat-page.js", "esm"],
  ["chat-page.css", "chat-page.css"],
  ["embed.js", "chat.js", "iife"],
  ["embed.css", "embed.css"],
]) {
  const { metafile } = await build({
    absWorkingDir: path("."),
    entryPoints: [path(`src/${source}`)],
    outfile: path(`../channels/webchat_files/${name}`),
    format,
    bundle: true,
    minify: true,
    target: ["es2022"],
    charset: "utf8",
    legalComments: "none",
    metafile: true,
    banner: { js: banner, css: banner },
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
  })
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) if (bytesInOutput) bundled.add(packageOf(file))
  }
}

bundled.delete(undefined) // our own files
writeFileSync(path("../channels/webchat_files/third-party-licences.txt"), [...bundled].sort().map(licence).join("\n\n"))

function packageOf(file) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]
}

function licence(folder) {
  const { name, version, license } = JSON.parse(readFileSync(path(`${folder}/package.json`)))
  const file = readdirSync(path(folder)).find((one) => /^licen[cs]e/i.test(one))
  const text = file ? readFileSync(path(`${folder}/${file}`), "utf8").trim() : ""
  return `${name} ${version}: ${license}\n\n${text}`
}
