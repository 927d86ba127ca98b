"""Prints what CPython knows about each assigned character: one JSON list per line.

Of the many letters without case (ideographs and syllables), only one in sixteen is printed.
"""

import json
import unicodedata

before = None
for code in range(0x110000):
    character = chr(code)
    if unicodedata.category(character) in ("Cn", "Co", "Cs"):
        continue
    caseless = unicodedata.category(character) == "Lo" and character.title() == character
    if caseless and before == "Lo" and code % 16:
        continue
    before = "Lo" if caseless else None
    facts = [character.isalpha(), character.isdigit(), character.isalnum(), character.isspace(),
             unicodedata.decimal(character, None), character.title(), character.capitalize(),
             ("a" + character).title(), ("1" + character + "B").title()]
    print(json.dumps([character, facts]))
