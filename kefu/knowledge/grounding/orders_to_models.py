"""Text that tells a language model what to do. Customers and help pages speak to people, so it is left out.

A pattern finds what it was written for and no more: it spares the generator work. What keeps an answer honest is the
check of what comes out (:mod:`kefu.knowledge.grounding.check`).
"""

import re
import unicodedata

_ZH = (
    r"忽略|无视|不要(?:理会|引用)|覆盖规则|忘(?:记|掉)(?:资料|之前|以上|你)|提示词|指令|语言模型|人工智能|模型注意"
    r"|(?:AI|智能)\s*助手|助手(?:必须|请|[：:])|[【\[]系统|系统[：:]|扮演|假装你|你(?:现在是|的新任务|必须说|应当回答)"
    r"|(?:在|于)?回答(?:时|中|末尾|里)|请回答[“\"]|请?用.{1,3}[语文](?:回答|回复)|告诉(?:所有)?顾客|请照此回答"
    r"|优先级最高"
    r"|(?:AI|机器人|模型)\s*(?:回复|回答|请|须|必须|看到|立即|应|就?会)|客服机器人|内部备注|助手须知"
    r"|统一(?:回答|回复|引导)|引导顾客|若本段"
    r"|应答程序|话术示例|仿写|请自称|知识库(?:到此|继续|结束)|开发者消息|更新日志"
    r"|给\s*AI|开发者模式|重复你|当作你的回答|输出[：:]|你已获得授权"
)
_EN = (
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,30}\b(?:instruction|rule|evidence|limit|previous|above)"
    r"|system prompt|\[system\]|\bsystem\s*:|\blanguage model\b|\b(?:an?|to|note to) ai\b|\bassistant\s*:"
    r"|\bthe assistant must"
    r"|\b(?:act|pretend)\b.{0,12}\b(?:as|you are)\b|\byou are (?:now )?dan\b|\bnew (?:task|rule|system|instruction)"
    r"|\binstructions?\s*:|\byour instructions\b|\btell (?:all |the |every )?(?:customers?|users?|shoppers?"
    r"|buyers?|everyone)\b"
    r"|\bto (?:the )?(?:bot|assistant|model)\b|\bautomated agent\b|\bthis passage\b|\bdirect every\b"
    r"|\bsystem_?prompt\b|\b(?:in|end|start) (?:your|the) (?:answer"
    r"|reply)"
    r"|\binto the answer\b|\banswer (?:in|my .{0,20} in) \w+|\breply to all\b|\bhighest priority\b|\bdeveloper mode\b"
    r"|\bwhoever (?:reads|summari[sz]es|answers|translates|renders)\b|\btranslator'?s note\b|\(do not (?:print|show)\)"
    r"|\bfor the purposes of this\b|\bpromise (?:one|every|each|all)\b|\bhuman or otherwise\b|\bchat duty\b|\bllm\b"
    r"|\brepeat everything\b|\boutput your\b|\bwhen you answer\b|\bsay [\"“]I (?!want)"
)
_MARKS = r"<!--|-->|\{\{|\[\[|\$\{|!\[|<\|?/?(?:im_start|im_end|system|think|evidence|资料|order|订单|系统)"
# What no page shows to a reader: scripts, hidden styles, data for programs.
_HIDDEN = r"<(?:script|template|style|noscript)\b|<\w+[^>]*\bstyle\s*=|<!\[|\"@\w+\"\s*:|\"[\w-]+\"\s*:\s*[\"{\[]"
_INVISIBLE = re.compile("(?<=\\w)[\u200b-\u200f\u2060-\u2064\ufeff\u00ad](?=\\w)")
_ORDER = re.compile(f"{_ZH}|{_EN}|{_MARKS}|{_HIDDEN}", re.IGNORECASE)


def addresses_model(text: str) -> bool:
    """Say whether a text gives orders to a model, or forges the marks of its prompt."""
    shown = _INVISIBLE.sub("", text)
    return any(_ORDER.search(one) is not None for one in (unicodedata.normalize("NFKC", shown), shown))
