"""What the models of the real servers say, and the chat template they are asked by. No weights were trained for it."""

SCRIPTS = {
    "say": ["A ", "short ", "answer."],
    "think": ["<think>", "\nOne ", "moment.\n", "</think>", "\n\nIt ", "is ", "seven."],
    "call": ["<tool_call>", '\n{"name": ', '"get_weather", ', '"arguments": ', '{"city": ', '"Oslo"}}\n', "</tool_call>"],
}

TURN, END = "<|im_start|>", "<|im_end|>"

_OFFER = (
    "{% if tools %}" + TURN + "system\nTools:\n<tools>\n{% for tool in tools %}{{ tool | tojson }}\n{% endfor %}</tools>\n"
    'Use one as <tool_call>{"name": NAME, "arguments": OBJECT}</tool_call>' + END + "\n{% endif %}"
)
_TEXT = (
    "{% if message.content is string %}{{ message.content }}"
    "{% elif message.content %}{% for part in message.content %}{{ part.text or '' }}{% endfor %}{% endif %}"
)
_CALLS = (
    "{% for call in message.tool_calls or [] %}\n<tool_call>\n"
    '{"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}'
    "\n</tool_call>{% endfor %}"
)
_THOUGHT = "{% if message.reasoning_content %}<think>\n{{ message.reasoning_content }}\n</think>\n\n{% endif %}"

# A server that has one model for all three scripts tells it by the last token which is wanted.
_CHOICE = (
    "{% set last = messages[-1] %}"
    "{% if tools and last.role != 'tool' %}<|call|>"
    "{% elif 'Think' in (last.content | string) %}<|think|>{% else %}<|say|>{% endif %}"
)


def template(chooses: bool = False) -> str:
    turn = "{{ '" + TURN + "' + message.role + '\n' }}" + _THOUGHT + _TEXT + _CALLS + END + "\n"
    answer = TURN + "assistant\n" + (_CHOICE if chooses else "")
    return _OFFER + "{% for message in messages %}" + turn + "{% endfor %}{% if add_generation_prompt %}" + answer + "{% endif %}"


def successors(scripts: list[list[str]]) -> dict[str, str]:
    """Which piece follows which; the last of a script is followed by the end of the turn."""
    return {piece: after for pieces in scripts for piece, after in zip(pieces, pieces[1:] + [END])}
