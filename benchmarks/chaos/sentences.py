"""What the clients send: sentences, texts that are hard to handle, and in some a word that must not leak."""

import itertools

_WHO = ("A young woman", "Two dogs", "An old man in a red coat", "The children", "Three people")
_DO = ("is reading a newspaper", "run across the street", "are playing with a ball", "waits for the bus", "sing")
_WHERE = ("in the park", "at the beach", "in front of a big house", "near the river on a sunny day")

ODD = (
    "",
    " \t\n ",
    "שלום עולם, dogs run",
    "مرحبا بالعالم",
    "\u202eevil\u202c text",
    "e\u0301e\u0302" + "\u0301" * 40,
    "Z" + "\u0353\u0362" * 60,
    "😀 👩\u200d👩\u200d👧\u200d👦 🇩🇪 ☃\ufe0f",
    "\ufeffA dog.",
    "\u0001\u001f\u007f\u0085",
    "\U0010ffff \ufffe \uffff",
    "日本語の文章です。",
    "....!!!???---",
    "a" * 400,
    "${jndi:ldap://127.0.0.1/x} %s %n {0} {{x}}",
    "<script>alert(1)</script> & &amp; &#x0;",
    "' OR 1=1; --",
    "../../etc/passwd",
)


def sentences(canary: str) -> list[str]:
    """About two hundred sentences; each fifth has the canary among its words."""
    plain = [" ".join(parts) + "." for parts in itertools.product(_WHO, _DO, _WHERE)]
    doubled = [f"{first} {second}" for first, second in itertools.pairwise(plain)]
    return [
        f"{canary} {text}" if place % 5 == 0 else text
        for place, text in enumerate([*plain, *doubled, plain[0].lower()])
    ]
