// <script src="https://chat.shop.example/chat.js" data-lang="en" async></script>
// puts a button into a shop's page, which opens the chat page in a frame. Options of the tag: data-lang (zh, en; the
// browser's unless given), data-token (of a customer who has signed in), data-label (of the button).

const tag = document.currentScript
const { lang, token, label } = tag.dataset
const origin = new URL(tag.src, location.href).origin
const isChinese = /^zh/i.test(lang ?? navigator.language)
const title = label || (isChinese ? "在线客服" : "Customer service")

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", install)
else install()

function install() {
  const host = document.createElement("kefu-chat")
  const root = host.attachShadow({ mode: "open" })
  const button = launcher()
  let frame = null

  const show = (isOpen) => {
    frame ??= isOpen ? opened() : null
    if (frame) frame.hidden = !isOpen
    button.setAttribute("aria-expanded", String(isOpen))
    host.toggleAttribute("open", isOpen)
    if (isOpen) frame.focus()
    else button.focus()
  }
  const opened = () => {
    const made = document.createElement("iframe")
    made.title = title
    made.src = `${origin}/chat${lang ? `?lang=${encodeURIComponent(lang)}` : ""}`
    root.append(made)
    return made
  }
  button.addEventListener("click", () => show(!frame || frame.hidden))
  window.addEventListener("message", ({ source, origin: from, data }) => {
    if (!frame || source !== frame.contentWindow || from !== origin) return
    if (data?.kefu === "ready") source.postMessage({ kefu: "hello", token: token ?? null }, origin)
    if (data?.kefu === "close") show(false)
  })

  root.append(style(), button)
  document.body.append(host)
}

function launcher() {
  const button = document.createElement("button")
  button.type = "button"
  button.textContent = title
  button.setAttribute("aria-expanded", "false")
  return button
}

// A file, since a shop’s Content-Security-Policy may forbid inline styles.
function style() {
  const link = document.createElement("link")
  link.rel = "stylesheet"
  link.href = `${origin}/chat/embed.css`
  return link
}
