"""The requests that every product gets: the same for the same seed, in English, Arabic and Chinese.

Texts are put together from small vocabularies, so that a word that is searched for stands in about one request of fourteen, whatever the size.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

QUEUES = 8
LANGUAGES = ("en", "ar", "zh")
# Impact and urgency, and the priority that the standard matrix makes of them (1 is the most pressing).
GRADES = (("site", "critical", 1), ("group", "critical", 2), ("site", "normal", 3), ("individual", "high", 3), ("individual", "normal", 4), ("individual", "low", 5))
STATES = ("new", "in-progress", "pending", "solved")

THINGS = {
    "en": "mailbox calendar laptop printer badge payslip password telephone scanner network folder website projector contract invoice headset keyboard "
          "monitor certificate account camera database archive firewall".split(),
    "ar": "البريد التقويم الحاسوب الطابعة البطاقة الراتب المرور الهاتف الماسح الشبكة المجلد الموقع العارض العقد الفاتورة السماعة اللوحة الشاشة الشهادة "
          "الحساب الكاميرا القاعدة الأرشيف الجدار".split(),
    "zh": "邮箱 日历 电脑 打印机 门禁卡 工资单 密码 电话 扫描仪 网络 文件夹 网站 投影仪 合同 发票 耳机 键盘 显示器 证书 账户 摄像头 数据库 档案 防火墙".split(),
}
FAULTS = {
    "en": ["does not open since the move", "is very slow in the morning", "shows an old name", "asks for a code that never arrives", "was lost on the way",
           "has to be extended by a month", "stops every twenty minutes", "is needed by a new colleague"],
    "ar": ["لا يعمل منذ الانتقال", "بطيء جدا في الصباح", "يظهر اسما قديما", "يطلب رمزا لا يصل", "فقد في الطريق", "يحتاج إلى تمديد شهرا", "يتوقف كل عشرين دقيقة",
           "مطلوب لزميل جديد"],
    "zh": ["搬迁后打不开", "早上非常慢", "显示旧名字", "要求的验证码收不到", "在路上丢失了", "需要延长一个月", "每二十分钟中断一次", "新同事急需使用"],
}
PLACES = {
    "en": ["Nairobi", "Geneva", "Bangkok", "Beirut", "Santiago", "the field office", "the annex", "the conference wing"],
    "ar": ["نيروبي", "جنيف", "بانكوك", "بيروت", "سانتياغو", "المكتب الميداني", "المبنى الملحق", "جناح المؤتمرات"],
    "zh": ["内罗毕", "日内瓦", "曼谷", "贝鲁特", "圣地亚哥", "外地办事处", "附楼", "会议厅"],
}
SENTENCE = {"en": "The {thing} {fault}, in {place}, room {room}.", "ar": "{thing} {fault} في {place}، الغرفة {room}.", "zh": "{place}的{thing}{fault}，房间{room}。"}
ANSWER = {"en": "Thank you. ", "ar": "شكرا لكم. ", "zh": "谢谢。"}
BETWEEN = {"en": " ", "ar": " ", "zh": ""}


@dataclass(frozen=True)
class Message:
    by_requester: bool
    text: str


@dataclass(frozen=True)
class Request:
    number: int
    language: str
    subject: str
    messages: tuple[Message, ...]  # the first is what the requester describes
    queue: int
    person: int
    impact: str
    urgency: str
    priority: int
    due_hours: int
    state: str

    @property
    def is_open(self) -> bool:
        return self.state != "solved"


def make(count: int, seed: int, people: int, open_share: float, first: int = 0) -> list[Request]:
    """`count` requests from number `first` on, asked by as many people as said."""
    return [_one(number, random.Random(f"{seed}-{number}"), people, open_share) for number in range(first, first + count)]


def _one(number: int, chance: random.Random, people: int, open_share: float) -> Request:
    language = LANGUAGES[number % 3]
    impact, urgency, priority = chance.choice(GRADES)
    state = chance.choice(STATES[:3]) if chance.random() < open_share else STATES[3]
    messages = [Message(True, BETWEEN[language].join(_sentence(language, chance) for _ in range(chance.randint(2, 4))))]
    for place in range(chance.randint(0, 2)):
        messages.append(Message(place % 2 == 1, ANSWER[language] + _sentence(language, chance)))
    subject = f"{chance.choice(THINGS[language])}{BETWEEN[language]}{chance.choice(FAULTS[language])} ({number})"
    return Request(number, language, subject, tuple(messages), chance.randrange(QUEUES), chance.randrange(people), impact, urgency, priority,
                   chance.randint(4, 400), state)


def _sentence(language: str, chance: random.Random) -> str:
    return SENTENCE[language].format(thing=chance.choice(THINGS[language]), fault=chance.choice(FAULTS[language]), place=chance.choice(PLACES[language]),
                                     room=chance.randint(1, 4000))


def words(language: str) -> list[str]:
    """What is searched for, one after the other."""
    return THINGS[language][:12]
