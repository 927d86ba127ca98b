//! What each operator and builtin has to do, in the most costly way that is known for it.
//!
//! Enters: nothing. Leaves: a table of expressions that hold a number `#`: twice the number is
//! twice the work. A test compares the steps that are charged, a bench the instructions. Must not
//! know what anything costs.

/// What is measured, an expression for it, and a number that makes it work for a while.
///
/// A builtin is named by the path of its implementation, which a function and a method may share.
pub type Row = (&'static str, &'static str, u64);

/// The rows of operators and of what else an expression is made of.
pub const OPERATORS: &[Row] = &[
    (
        "==",
        "[a == b for a in [list(range(#))] for b in [list(range(#))]]",
        40_000,
    ),
    (
        "== of texts",
        "any(a != b for a in ['x' * #] for b in ['x' * #] for i in range(400))",
        20_000,
    ),
    (
        "== of objects",
        "[a == b for a in [{str(i): i for i in range(#)}] for b in [{str(i): i for i in range(#)}]]",
        20_000,
    ),
    (
        "is",
        "[a is b for a in [[[0]] * #] for b in [[[0]] * #]]",
        40_000,
    ),
    (
        "<",
        "[a < b for a in [[[0]] * #] for b in [[[0]] * #]]",
        40_000,
    ),
    (
        "< of texts",
        "any(a < b for a in ['x' * #] for b in ['x' * #] for i in range(400))",
        20_000,
    ),
    ("in", "[[1] in a for a in [[[0]] * #]]", 40_000),
    (
        "in an object",
        "any('b' * # in a for a in [{'x' * #: 1}] for i in range(400))",
        20_000,
    ),
    (
        "in a text",
        "any('ab' in a for a in ['a' * #] for i in range(100))",
        40_000,
    ),
    ("+", "len('a' * # + 'b' * #)", 400_000),
    ("+ of lists", "len([0] * # + [1] * #)", 100_000),
    ("*", "len('a' * #)", 2_000_000),
    ("* of lists", "len([[]] * #)", 200_000),
    ("-", "[-i - i for i in range(#)]", 20_000),
    ("/", "[(2**62 + i) / (2**61 + i) for i in range(#)]", 20_000),
    ("//", "[2**62 // (i + 3) for i in range(#)]", 20_000),
    ("%", "[2.0**62 % (i + 3.5) for i in range(#)]", 20_000),
    ("**", "[(i % 3) ** 39 for i in range(#)]", 20_000),
    (
        "and, or, not",
        "[not (i and i or i and i) for i in range(#)]",
        20_000,
    ),
    (
        "if",
        "[i if i else i if i else i for i in range(#)]",
        20_000,
    ),
    (
        "index",
        "[a[-1] for a in ['é' * #] for i in range(100)]",
        20_000,
    ),
    (
        "key",
        "[a['x' * 9] for a in [{'x' * 9: 1}] for i in range(#)]",
        20_000,
    ),
    (
        "member",
        "[a.b.c.d.e for a in [{'b': {'c': {}}}] for i in range(#)]",
        20_000,
    ),
    (
        "slice",
        "[a[1:] for a in ['é' * #] for i in range(50)]",
        20_000,
    ),
    (
        "slice by steps",
        "[a[::-1] for a in ['é' * #] for i in range(50)]",
        10_000,
    ),
    (
        "slice of a list",
        "[a[::-1] for a in [[0] * #] for i in range(50)]",
        10_000,
    ),
    ("list", "[[i, [i]] for i in range(#)]", 20_000),
    ("set", "[len({i, (i, 'a'), 'a'}) for i in range(#)]", 20_000),
    ("object", "[{'a': i, 'b': [i]} for i in range(#)]", 20_000),
    (
        "list comprehension",
        "[j for i in range(#) for j in [i, i] if j]",
        20_000,
    ),
    (
        "set comprehension",
        "len({(i, str(i)) for i in range(#)})",
        20_000,
    ),
    (
        "object comprehension",
        "len({str(i): i for i in range(#)})",
        20_000,
    ),
    (
        "unpacking",
        "[c for a, (b, c) in [[1, [2, 3]]] * #]",
        20_000,
    ),
    ("f-string", "[f'{i}{i!r}{i:>9}' for i in range(#)]", 10_000),
    ("f-string of a list", "f'{list(range(#))}'", 40_000),
    ("repr", "f'{[str(i) for i in range(#)]!r}'", 40_000),
    ("ascii", "len(f\"{'é' * #!a}\")", 100_000),
    ("width", "len(f'{1:>{#}}')", 400_000),
];

/// The rows of builtins. Each builtin has one.
pub const BUILTINS: &[Row] = &[
    (
        "sequence::len",
        "[len(a) for a in ['é' * #] for i in range(100)]",
        100_000,
    ),
    ("sequence::list", "list('é' * #)", 100_000),
    (
        "sequence::set",
        "len(set([[[i], {'a': i}] for i in range(#)]))",
        20_000,
    ),
    ("sequence::range", "range(#)", 500_000),
    ("sequence::enumerate", "enumerate('a' * #)", 50_000),
    ("sequence::zip", "zip('a' * #, range(#), 'é' * #)", 50_000),
    (
        "sequence::sorted",
        "sorted([[i * 7919 % 10007, str(i)] for i in range(#)])",
        20_000,
    ),
    ("sequence::reversed", "reversed('é' * #)", 100_000),
    ("sequence::any", "any([0] * #)", 500_000),
    ("sequence::all", "all('a' * #)", 100_000),
    ("sequence::min", "min([[0, i] for i in range(#)])", 20_000),
    ("sequence::max", "max([[0, i] for i in range(#)])", 20_000),
    (
        "sequence::sum",
        "len(sum([[i] for i in range(#)], []))",
        20_000,
    ),
    (
        "sequence::first",
        "[first(a) for a in ['é' * #] for i in range(100)]",
        20_000,
    ),
    (
        "sequence::last",
        "[last(a) for a in ['é' * #] for i in range(100)]",
        20_000,
    ),
    (
        "sequence::flatten",
        "flatten([[i, [[i]]] for i in range(#)], 9)",
        20_000,
    ),
    (
        "number::int",
        "[int(a, 16) for a in ['0' * #] for i in range(9)]",
        50_000,
    ),
    (
        "number::float",
        "[float(a) for a in ['0.' + '1' * #] for i in range(9)]",
        50_000,
    ),
    ("number::bool", "[bool([[0]]) for i in range(#)]", 20_000),
    ("number::abs", "[abs(-i) for i in range(#)]", 20_000),
    (
        "number::round",
        "[round(i / 7 + 1e300, 330) for i in range(#)]",
        2_000,
    ),
    (
        "number::pow",
        "[pow(2**62 + i, 2**62 + 1, 2**62 - 1) for i in range(#)]",
        5_000,
    ),
    (
        "number::divmod",
        "[divmod(2**62, i + 1) for i in range(#)]",
        20_000,
    ),
    ("number::sqrt", "[math.sqrt(i) for i in range(#)]", 20_000),
    (
        "number::floor",
        "[math.floor(i / 3) for i in range(#)]",
        20_000,
    ),
    (
        "number::ceil",
        "[math.ceil(i / 3) for i in range(#)]",
        20_000,
    ),
    (
        "number::log",
        "[math.log(i + 1, 3) for i in range(#)]",
        20_000,
    ),
    (
        "number::log10",
        "[math.log10(i + 1) for i in range(#)]",
        20_000,
    ),
    (
        "number::exp",
        "[math.exp(-i / 1000) for i in range(#)]",
        20_000,
    ),
    (
        "number::math_pow",
        "[math.pow(i, 0.3) for i in range(#)]",
        20_000,
    ),
    (
        "string::str",
        "str([[i, str(i), i / 3] for i in range(#)])",
        10_000,
    ),
    ("string::upper", "('ΐ' * #).upper()", 100_000),
    ("string::lower", "('AΣ ' * #).lower()", 100_000),
    ("string::title", "('ǆß ' * #).title()", 50_000),
    ("string::capitalize", "('ßΣ ' * #).capitalize()", 50_000),
    (
        "string::strip",
        "(' ' * # + 'a' + ' ' * #).strip()",
        200_000,
    ),
    (
        "string::lstrip",
        "('abcdefghij' * # + '.').lstrip('jihgfedcba')",
        20_000,
    ),
    (
        "string::rstrip",
        "('.' + 'abcdefghij' * #).rstrip('jihgfedcba')",
        20_000,
    ),
    ("string::split", "len(('a,' * #).split(','))", 50_000),
    ("string::rsplit", "len(('a ' * #).rsplit())", 50_000),
    (
        "string::splitlines",
        "len(('\\n' * #).splitlines())",
        50_000,
    ),
    ("string::join", "len(','.join(['a'] * #))", 50_000),
    (
        "string::join_function",
        "len(join([[1, 'a']] * #, ','))",
        50_000,
    ),
    (
        "string::replace",
        "len(('a' * #).replace('a', 'bc'))",
        50_000,
    ),
    (
        "string::startswith",
        "[a.startswith(['b'] * 9 + [a]) for a in ['a' * #] for i in range(400)]",
        20_000,
    ),
    (
        "string::endswith",
        "[a.endswith('b', 1) for a in ['é' * #] for i in range(50)]",
        20_000,
    ),
    (
        "string::find",
        "[a.find('éa') for a in ['é' * #] for i in range(50)]",
        20_000,
    ),
    (
        "string::index",
        "[a.index('a') for a in ['é' * # + 'a'] for i in range(50)]",
        20_000,
    ),
    (
        "string::count",
        "[a.count('') for a in ['é' * #] for i in range(50)]",
        20_000,
    ),
    (
        "string::isdigit",
        "[a.isdigit() for a in ['²' * #] for i in range(50)]",
        20_000,
    ),
    (
        "string::isalpha",
        "[a.isalpha() for a in ['é' * #] for i in range(50)]",
        20_000,
    ),
    (
        "string::removeprefix",
        "[a.removeprefix(b) for a in ['a' * # + 'b'] for b in ['a' * #] for i in range(400)]",
        20_000,
    ),
    (
        "string::removesuffix",
        "[a.removesuffix('b') for a in ['a' * # + 'b'] for i in range(100)]",
        20_000,
    ),
    ("string::zfill", "len('-é'.zfill(#))", 1_000_000),
    ("string::format", "('{0}{{' * #).format('a')", 20_000),
    (
        "object::dict",
        "dict([[str(i), i] for i in range(#)], a=1)",
        10_000,
    ),
    (
        "object::keys",
        "[a.keys() for a in [{str(i): i for i in range(#)}] for i in range(20)]",
        10_000,
    ),
    (
        "object::values",
        "[a.values() for a in [{str(i): i for i in range(#)}] for i in range(20)]",
        10_000,
    ),
    (
        "object::items",
        "[len(a.items()) for a in [{str(i): i for i in range(#)}] for i in range(9)]",
        10_000,
    ),
    (
        "object::default",
        "[default(None, [i]) for i in range(#)]",
        20_000,
    ),
    ("object::raw", "[raw([i]) for i in range(#)]", 20_000),
    (
        "object::get",
        "any(a.get('b' * #) for a in [{'x' * #: 1}] for i in range(400))",
        20_000,
    ),
    (
        "object::index",
        "[a.index([1]) for a in [[[0]] * # + [[1]]] for i in range(5)]",
        20_000,
    ),
    (
        "object::count",
        "[a.count([1]) for a in [[[0]] * #] for i in range(5)]",
        20_000,
    ),
    (
        "encode::tojson",
        "len(tojson([{'a': str(i), 'b': i / 3} for i in range(#)], 2))",
        10_000,
    ),
    (
        "encode::fromjson",
        "len(fromjson('[' + '{\"a\":[1.5]},' * # + '0]'))",
        10_000,
    ),
    ("encode::sha256", "sha256('a' * #)", 2_000_000),
    (
        "encode::base64_encode",
        "len(base64_encode('a' * #))",
        2_000_000,
    ),
    (
        "encode::base64_decode",
        "len(base64_decode('YWFh' * #))",
        500_000,
    ),
    (
        "encode::urlencode",
        "len(urlencode({'k': ['é'] * #}))",
        50_000,
    ),
    ("encode::uuid", "[uuid() for i in range(#)]", 5_000),
    ("time::now", "[now() for i in range(#)]", 5_000),
    ("time::now_ms", "[now_ms() for i in range(#)]", 20_000),
    ("time::unix_time", "[time.time() for i in range(#)]", 20_000),
    (
        "time::timestamp",
        "[timestamp('2026-01-01T00:00:00.123456+01:00') for i in range(#)]",
        5_000,
    ),
    (
        "time::date_add",
        "[date_add('2026-01-01', days=i) for i in range(#)]",
        5_000,
    ),
    (
        "time::format_date",
        "len(format_date('2026-01-01', '%A %B ' * #))",
        5_000,
    ),
    ("regex::matches", "re.match('a*', 'a' * #).end", 500_000),
    ("regex::search", "re.search('b', 'a' * #)", 2_000_000),
    ("regex::findall", "len(re.findall('a', 'a' * #))", 20_000),
    ("regex::sub", "len(re.sub('a', 'b', 'a' * #))", 20_000),
];

/// The expression of a row with `times` its number.
#[must_use]
pub fn expression((_, expression, number): &Row, times: u64) -> String {
    expression.replace('#', &(number * times).to_string())
}
