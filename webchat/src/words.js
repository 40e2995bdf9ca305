// What the page itself says, in both languages.

import { keep, read } from "./storage.js"

export const WORDS = {
  zh: {
    title: "在线客服",
    other: "English",
    person: "转人工",
    askPerson: "转人工",
    log: "对话",
    you: "您",
    bot: "客服",
    input: "输入消息",
    hint: "输入您的问题",
    send: "发送",
    typing: "正在输入…",
    connecting: "正在连接…",
    online: "已连接",
    offline: "连接已断开",
    reconnecting: "正在重连。您可以继续输入，恢复后会自动发送。",
    source: "来源：",
    asOf: "截至 ",
    choices: "请选择",
    welcome: "您好！订单、配送、退换货、支付和发票的问题都可以问我，直接用自己的话说就行。",
    starters: ["我的订单到哪了？", "我要退货", "运费怎么算？"],
    waiting: "等待发送",
    sending: "发送中",
    retry: "重新发送",
    image: "图片",
    tooLong: (over) => `超出 ${over} 个字`,
    left: (left) => `还可输入 ${left} 个字`,
    newer: "看最新消息",
    close: "收起客服窗口",
    refused: {
      too_fast: "发得太快，没有送达",
      too_long: "太长，没有送达",
      words_only: "没有文字，没有送达",
      choice_gone: "这个选项已经失效了，请看最新的消息",
      expired: "会话已过期，没有送达",
      no_answer: "没有送达",
      trouble: "系统暂时有问题，没有送达",
      bad_message: "没有送达",
    },
  },
  en: {
    title: "Customer service",
    other: "中文",
    person: "Talk to a person",
    askPerson: "I want to talk to a person",
    log: "Conversation",
    you: "You",
    bot: "Assistant",
    input: "Your message",
    hint: "Type your question",
    send: "Send",
    typing: "Typing…",
    connecting: "Connecting…",
    online: "Connected",
    offline: "Connection lost",
    reconnecting: "Reconnecting. You can go on writing; it is sent as soon as we are back.",
    source: "Source: ",
    asOf: "as of ",
    choices: "Please choose",
    welcome: "Hello! Ask me about orders, delivery, returns, payment or invoices, in your own words.",
    starters: ["Where is my order?", "I want to return something", "How much is shipping?"],
    waiting: "Waiting to be sent",
    sending: "Sending",
    retry: "Send again",
    image: "Picture",
    tooLong: (over) => `${over} ${over === 1 ? "character" : "characters"} too long`,
    left: (left) => `${left} characters left`,
    newer: "Go to the latest message",
    close: "Close the chat window",
    refused: {
      too_fast: "Not sent: that was too fast",
      too_long: "Not sent: too long",
      words_only: "Not sent: there were no words",
      choice_gone: "That choice is no longer open. Please look at the latest message",
      expired: "Not sent: the session had ended",
      no_answer: "Not sent",
      trouble: "Not sent: something is wrong on our side",
      bad_message: "Not sent",
    },
  },
}

const KEPT = "kefu.language"

/** Gives the language: what the customer chose, else what the shop's tag says, else the browser's. */
export function firstLanguage(storage, asked, browser) {
  return codeOf(read(storage, KEPT)) ?? codeOf(asked) ?? browser.map(codeOf).find(Boolean) ?? "en"
}

export function keepLanguage(storage, language) {
  keep(storage, KEPT, language)
}

function codeOf(tag) {
  const [, code] = /^(zh|en)\b/i.exec(tag ?? "") ?? []
  return code?.toLowerCase()
}
