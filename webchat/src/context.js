// What every part of the page needs: the words of its language, and what the customer can do.

import { createContext, useContext } from "react"

/** `{words, say(text, payload?), retry(key)}` */
export const Chat = createContext(null)

export const useChat = () => useContext(Chat)
