"""How what is asked about a return, a repair, an invoice, points and the like would be asked by itself."""

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
            "policy": "退货有什么规定，几天内可以退",
            "worn": "穿过或用过的还能无理由退货吗",
        },
        "exchange": {
            "way": "怎么换货",
            "postage": "换货的运费谁出",
            "cost": "换货要钱吗",
            "time": "换货要多久",
            "policy": "怎么换货",
            "worn": "怎么换货",
        },
        "refund": {
            "way": "退款多久到账",
            "postage": "退货的寄回运费谁出",
            "cost": "退货要钱吗",
            "time": "退款多久到账",
            "policy": "退款多久到账",
        },
        "repair": {
            "way": "怎么维修",
            "postage": "维修收费吗，运费谁出",
            "cost": "维修要多少钱",
            "time": "维修要多久",
            "policy": "保修期多久，保修范围是什么",
        },
        "invoice": {"way": "怎么开发票", "cost": "开发票要钱吗", "time": "发票多久能开好"},
        "gift_card": {"expiry": "礼品卡会过期吗"},
        "coupon": {"expiry": "优惠券的有效期在哪里看"},
        "points": {"expiry": "积分会不会过期"},
    },
    "en": {
        "return": {
            "way": "how do I return something",
            "postage": "who pays the postage for a return",
            "cost": "what does a return cost",
            "time": "how long until I get my money after a return",
            "policy": "how many days do I have to return something",
            "worn": "can I still return something that I have worn or used",
        },
        "exchange": {
            "way": "how do I exchange something",
            "postage": "who pays the postage for an exchange",
            "cost": "how much does an exchange cost",
            "time": "how long does an exchange take",
            "policy": "how do I exchange something",
            "worn": "can I still exchange something that I have worn or used",
        },
        "refund": {
            "way": "how long does a refund take",
            "postage": "who pays the postage for a return",
            "cost": "what does a return cost",
            "time": "how long does a refund take",
            "policy": "how long does a refund take",
        },
        "repair": {
            "way": "how do repairs work",
            "postage": "who pays to send it in for repair",
            "cost": "how much does a repair cost",
            "time": "how long does a repair take",
            "policy": "how long is the warranty and what does it cover",
        },
        "invoice": {
            "way": "how do I get an invoice",
            "cost": "does an invoice cost anything",
            "time": "how long does an invoice take",
        },
        "gift_card": {"expiry": "do gift cards expire"},
        "coupon": {"expiry": "where do I see how long a coupon is valid"},
        "points": {"expiry": "do points expire"},
    },
}
