// Starts the page: /chat by itself, or in the frame that embed.js opens in a shop.

import { createRoot } from "react-dom/client"
import { io } from "socket.io-client"
import { Page } from "./page.jsx"
import { ChatSession } from "./session.js"
import { usable } from "./storage.js"
import { firstLanguage } from "./words.js"

const HELLO_MS = 3_000

const root = document.getElementById("chat")
const isFramed = window.parent !== window
const storage = usable("localStorage")
const asked = new URLSearchParams(location.search).get("lang")
const language = firstLanguage(storage, asked, navigator.languages ?? [navigator.language])

start(isFramed ? await shopsToken() : null)

function start(shopToken) {
  const { socketioPath: path, longest } = root.dataset
  const tree = createRoot(root)
  const show = (state) =>
    tree.render(
      <Page
        {...{ session, state, storage }}
        longest={Number(longest)}
        first={language}
        onClose={isFramed ? () => window.parent.postMessage({ kefu: "close" }, "*") : null}
      />,
    )
  const session = new ChatSession({
    socket: io({ path, autoConnect: false, reconnectionDelayMax: 5_000 }),
    lasting: storage,
    ofTab: usable("sessionStorage"),
    shopToken,
    language: () => language,
    onChange: show,
  })
  show(session.state)
  session.start()
}

/**
 * Asks the shop's page for the token of its customer; null where it has none. Which pages may hold this one in a frame
 * says the server (`embed_in`), so nobody else can put a visitor into a conversation of his own.
 */
function shopsToken() {
  return new Promise((resolve) => {
    const heard = ({ source, data }) => {
      if (source !== window.parent || data?.kefu !== "hello") return
      window.removeEventListener("message", heard)
      resolve(typeof data.token === "string" && data.token ? data.token : null)
    }
    window.addEventListener("message", heard)
    window.parent.postMessage({ kefu: "ready" }, "*") // no secret
    setTimeout(() => resolve(null), HELLO_MS)
  })
}
