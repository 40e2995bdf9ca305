"""How what is asked about a return, an exchange, a refund, a repair or an invoice would be asked by itself."""

from kefu.dialogue.questions.aspects import Aspect
from kefu.dialogue.questions.follow_up_words import Spoken
from kefu.text import Language

QUESTIONS: dict[Language, dict[Spoken, dict[Aspect, str]]] = {
    "zh": {
        "return": {
            "way": "怎么退货",
            "postage": "退货的寄回运费谁出",
            "cost": "退货要钱吗",
            "time": "退货后多久退款",
        },
        "exchange": {"way": "怎么换货", "postage": "换货的运费谁出", "cost": "换货要钱吗", "time": "换货要多久"},
        "refund": {
            "way": "退款多久到账",
            "postage": "退货的寄回运费谁出",
            "cost": "退货要钱吗",
            "time": "退款多久到账",
        },
        "repair": {
            "way": "怎么维修",
            "postage": "维修收费吗，运费谁出",
            "cost": "维修要多少钱",
            "time": "维修要多久",
        },
        "invoice": {"way": "怎么开发票", "cost": "开发票要钱吗", "time": "发票多久能开好"},
    },
    "en": {
        "return": {
            "way": "how do I return something",
            "postage": "who pays the postage for a return",
            "cost": "what does a return cost",
            "time": "how long until I get my money after a return",
        },
        "exchange": {
            "way": "how do I exchange something",
            "postage": "who pays the postage for an exchange",
            "cost": "how much does an exchange cost",
            "time": "how long does an exchange take",
        },
        "refund": {
            "way": "how long does a refund take",
            "postage": "who pays the postage for a return",
            "cost": "what does a return cost",
            "time": "how long does a refund take",
        },
        "repair": {
            "way": "how do repairs work",
            "postage": "who pays to send it in for repair",
            "cost": "how much does a repair cost",
            "time": "how long does a repair take",
        },
        "invoice": {
            "way": "how do I get an invoice",
            "cost": "does an invoice cost anything",
            "time": "how long does an invoice take",
        },
    },
}
