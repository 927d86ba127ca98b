"""CPython as the oracle of the expression language.

Reads one {"expr", "data"} object per line and writes one {"ok": JSON text} or {"error": text} or
{"documented": text} per line. Each documented difference from Python (language reference, section
4) is written once, as a change of Python's syntax tree or as a helper that the changed tree calls.
"""

import ast
import json
import math
import operator
import re
import string
import sys
import unicodedata

try:
    from re import _parser as parser
except ImportError:
    import sre_parse as parser


class Documented(Exception):
    """Python gives a result here, but the language reference says that we refuse."""


def text(value):
    """Difference 6: the text form of a value."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return dumps(value)


def dumps(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def checked(value):
    """Differences 3, 4 and 7: only JSON values, 64-bit integers, finite floats, string keys."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            raise Documented("integer overflow")
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise Documented("not finite")
        return value
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise Documented("object keys are strings")
        return {key: checked(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)) or hasattr(value, "__iter__"):
        return [checked(item) for item in value]
    if isinstance(value, complex):
        raise Documented("complex")
    raise TypeError(f"no JSON value: {type(value)}")


def member(value, name):
    """Differences 1 and 2: `a.b` is the key `b`, or null when it is missing."""
    if value is None:
        return None
    if isinstance(value, dict):
        return value.get(name)
    raise TypeError("no members")


def index(value, at):
    """Difference 2: an index out of range gives null."""
    if value is None:
        return None
    if isinstance(value, dict) and not isinstance(at, str):
        raise TypeError("key type")
    try:
        return value[at]
    except (KeyError, IndexError):
        return None


def cut(value, start, stop, step):
    if value is None:
        return None
    if isinstance(value, dict):
        raise TypeError("slice of dict")
    return value[start:stop:step]


def distinct(items):
    """Difference 3: a set is a list without duplicates, in order."""
    out = []
    for item in items:
        if item not in out:
            out.append(item)
    return out


def method(value, name, *args, **kwargs):
    if name == "format" and isinstance(value, str):
        return Formatter().vformat(value, args, kwargs)
    if name in ("startswith", "endswith"):
        # Difference 3: tuples are lists.
        args = [tuple(arg) if isinstance(arg, list) else arg for arg in args]
    return checked(getattr(value, name)(*args, **kwargs))


def formatted(value, conversion, spec):
    if conversion == ord("r"):
        value = repr(value)
    elif conversion == ord("s"):
        value = text(value)
    elif conversion == ord("a"):
        value = ascii(value)
    elif conversion != -1:
        raise ValueError("unknown conversion")
    shown = format(value, spec) if spec else text(value)
    if isinstance(value, float) and "inf" in shown.lower():
        raise Documented("not finite")
    return shown


class Formatter(string.Formatter):
    """Difference 6 in `str.format`: fields without a specification have the text form."""

    def format_field(self, value, spec):
        return formatted(value, -1, spec)

    def convert_field(self, value, conversion):
        return value if conversion is None else formatted(value, ord(conversion), "")


def plain(function):
    return lambda *args, **kwargs: checked(function(*args, **kwargs))


def binary(symbol):
    function = getattr(operator, symbol)

    def apply(left, right):
        if symbol == "mod" and isinstance(left, str):
            raise Documented("% on strings")
        if symbol == "mul" and (isinstance(left, (str, list)) or isinstance(right, (str, list))):
            if max(left if isinstance(left, int) else 0, right if isinstance(right, int) else 0) > 10**6:
                raise Documented("limit")
        if symbol == "pow" and isinstance(right, int) and right > 10**4:
            raise Documented("integer overflow")
        return checked(function(left, right))

    return apply


BINARY = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv",
    ast.FloorDiv: "floordiv", ast.Mod: "mod", ast.Pow: "pow",
}

def parse_tree(item):
    """Every operator of a parsed pattern, with its argument."""
    for op, argument in item:
        yield op, argument
        parts = argument if isinstance(argument, (list, tuple)) else [argument]
        for part in parts:
            branches = part if isinstance(part, list) else [part]
            for branch in branches:
                if isinstance(branch, parser.SubPattern):
                    yield from parse_tree(branch)


MARKS = ("Mn", "Mc", "Me", "Pc", "Nl", "No", "So", "Cf")


class Regex:
    """Difference 9: the engine takes linear time, and matches are objects."""

    @staticmethod
    def compiled(pattern, text):
        compiled = re.compile(pattern)
        nodes = list(parse_tree(parser.parse(pattern)))
        repeats = (parser.MAX_REPEAT, parser.MIN_REPEAT)
        if any(op in repeats and a[1] > 1 and a[2].getwidth()[0] == 0 for op, a in nodes):
            raise Documented("turns of a repetition that may be empty")
        places = [a for op, a in nodes if op is parser.AT]
        boundary, inside = parser.AT_BOUNDARY in places, parser.AT_NON_BOUNDARY in places
        odd = [c for c in text if c != "_" and unicodedata.category(c) in MARKS]
        if (boundary or inside) and odd or inside and not text:
            raise Documented("word boundaries follow Unicode")
        if compiled.flags & re.IGNORECASE or "(?i" in pattern:
            if any(c in "İıſK" for c in text + pattern):
                raise Documented("case is Unicode's simple folding")
        return compiled

    @staticmethod
    def found(match):
        return match and {"match": match.group(), "groups": list(match.groups()),
                          "named": match.groupdict(), "start": match.start(), "end": match.end()}

    @staticmethod
    def match(pattern, text):
        return Regex.found(Regex.compiled(pattern, text).match(text))

    @staticmethod
    def search(pattern, text):
        return Regex.found(Regex.compiled(pattern, text).search(text))

    @staticmethod
    def touching(compiled, text):
        matches = list(compiled.finditer(text))
        for left, right in zip(matches, matches[1:]):
            if left.start() == left.end() == right.start():
                raise Documented("a match where an empty one was found")

    @staticmethod
    def findall(pattern, text):
        compiled = Regex.compiled(pattern, text)
        Regex.touching(compiled, text)
        return compiled.findall(text)

    @staticmethod
    def sub(pattern, repl, text, count=0):
        compiled = Regex.compiled(pattern, text)
        Regex.touching(compiled, text)
        return compiled.sub(repl, text, count)


MODULES = {"math": math, "re": Regex}


class Rewrite(ast.NodeTransformer):
    def call(self, name, *args):
        return ast.Call(func=ast.Name(id=name, ctx=ast.Load()), args=list(args), keywords=[])

    def visit_Attribute(self, node):
        if isinstance(node.value, ast.Name) and node.value.id in MODULES:
            return node
        return self.call("__member", self.visit(node.value), ast.Constant(node.attr))

    def visit_Subscript(self, node):
        value = self.visit(node.value)
        if isinstance(node.slice, ast.Slice):
            bounds = [self.visit(b) if b else ast.Constant(None)
                      for b in (node.slice.lower, node.slice.upper, node.slice.step)]
            return self.call("__cut", value, *bounds)
        return self.call("__index", value, self.visit(node.slice))

    def visit_Call(self, node):
        args = [self.visit(arg) for arg in node.args]
        keywords = [ast.keyword(k.arg, self.visit(k.value)) for k in node.keywords]
        func = node.func
        if isinstance(func, ast.Attribute):
            if isinstance(func.value, ast.Name) and func.value.id in MODULES:
                call = ast.Call(func=func, args=args, keywords=keywords)
                return self.call("__checked", call)
            args = [self.visit(func.value), ast.Constant(func.attr)] + args
            return ast.Call(func=ast.Name(id="__method", ctx=ast.Load()), args=args, keywords=keywords)
        return ast.Call(func=ast.Name(id="__f_" + func.id, ctx=ast.Load()), args=args, keywords=keywords)

    def visit_BinOp(self, node):
        if isinstance(node.op, ast.BitOr):
            # A filter: the left side is the first argument.
            right = node.right
            name, args, keywords = (right.func, right.args, right.keywords) if isinstance(right, ast.Call) else (right, [], [])
            return self.visit(ast.Call(func=name, args=[node.left] + args, keywords=keywords))
        return self.call("__b_" + BINARY[type(node.op)], self.visit(node.left), self.visit(node.right))

    def visit_UnaryOp(self, node):
        operand = self.visit(node.operand)
        node = ast.UnaryOp(op=node.op, operand=operand)
        return node if isinstance(node.op, ast.Not) else self.call("__checked", node)

    def visit_Set(self, node):
        return self.call("__distinct", ast.List([self.visit(e) for e in node.elts], ast.Load()))

    def visit_SetComp(self, node):
        self.generic_visit(node)
        return self.call("__distinct", ast.ListComp(node.elt, node.generators))

    def visit_DictComp(self, node):
        self.generic_visit(node)
        return self.call("__checked", node)

    def visit_Dict(self, node):
        self.generic_visit(node)
        return self.call("__checked", node)

    def visit_Tuple(self, node):
        self.generic_visit(node)
        return ast.List(node.elts, ast.Load()) if isinstance(node.ctx, ast.Load) else node

    def visit_JoinedStr(self, node):
        parts = [ast.Constant(v.value) if isinstance(v, ast.Constant) else self.visit(v) for v in node.values]
        return ast.Call(func=ast.Attribute(ast.Constant(""), "join", ast.Load()),
                        args=[ast.List(parts, ast.Load())], keywords=[])

    def visit_FormattedValue(self, node):
        spec = self.visit(node.format_spec) if node.format_spec else ast.Constant("")
        return self.call("__formatted", self.visit(node.value), ast.Constant(node.conversion), spec)


def bounded_range(*args):
    if len(range(*args)) > 10**5:
        raise Documented("limit")
    return list(range(*args))


def first_of(items):
    items = list(items)
    return items[0] if items else None


FUNCTIONS = {
    "len": len, "list": lambda x=(): list(x), "set": lambda x=(): distinct(x), "unique": distinct,
    "range": bounded_range, "enumerate": enumerate, "zip": zip, "sorted": sorted,
    "reversed": lambda x: list(reversed(list(x))), "any": any, "all": all, "min": min, "max": max,
    "sum": sum, "int": int, "float": float, "bool": bool, "abs": abs, "round": round, "pow": pow,
    "divmod": divmod, "str": lambda x="": text(x), "dict": dict,
    "upper": str.upper, "lower": str.lower, "strip": str.strip, "split": str.split,
    "replace": str.replace, "startswith": str.startswith, "endswith": str.endswith,
    "join": lambda items, sep="": sep.join(text(item) for item in items),
    "keys": lambda x: x.keys(), "values": lambda x: x.values(), "items": lambda x: x.items(),
    "first": first_of, "default": lambda x, d="": d if x is None else x,
    "tojson": dumps, "fromjson": json.loads,
}

SCOPE = {"__member": member, "__index": index, "__cut": cut, "__distinct": distinct,
         "__method": method, "__formatted": formatted, "__checked": checked,
         "true": True, "false": False, "null": None, **MODULES}
SCOPE.update({"__f_" + name: plain(function) for name, function in FUNCTIONS.items()})
SCOPE.update({"__b_" + symbol: binary(symbol) for symbol in BINARY.values()})
# `any` and `all` must stay lazy over generators.
SCOPE["__f_any"], SCOPE["__f_all"] = any, all


def evaluate(line):
    row = json.loads(line)
    try:
        tree = Rewrite().visit(ast.parse(row["expr"], mode="eval"))
        code = compile(ast.fix_missing_locations(tree), "<expr>", "eval")
        scope = dict(SCOPE, data=row["data"])
        return {"ok": dumps(checked(eval(code, scope)))}
    except Documented as reason:
        return {"documented": str(reason)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"[:200]}


sys.setrecursionlimit(10000)
for line in sys.stdin:
    print(json.dumps(evaluate(line)))
