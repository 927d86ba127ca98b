//! Random texts that are almost expressions.
//!
//! Enters: a seed. Leaves: an expression, an expression with changed tokens or bytes, its start, or
//! words of the language in any order.

use fmc_test_expressions::{Generator, Random};

/// Words of the expression language and of other languages.
const WORDS: &[&str] = &[
    "a",
    "upstream.",
    "upstream.x-y",
    "1",
    "0x",
    "1e",
    "2.5",
    ".5",
    "'",
    "\"",
    "'s'",
    "f'{",
    "}",
    "{{",
    "}}",
    "(",
    ")",
    "[",
    "]",
    "{",
    ":",
    ",",
    ".",
    " ",
    " for ",
    " in ",
    " if ",
    " else ",
    " not ",
    " and ",
    " or ",
    " is ",
    "|",
    "|f",
    "==",
    "=",
    "**",
    "*",
    "-",
    "+",
    "~",
    "!",
    "&",
    "<",
    ">=",
    "<>",
    "===",
    "!==",
    "?",
    "?.",
    "??",
    "&&",
    "||",
    "=>",
    ";",
    ":=",
    "+=",
    "lambda ",
    "await ",
    "import ",
    "None",
    "True",
    "\\",
    "\n",
    "é",
    "😀",
    "“",
    "'''",
    "!r",
    "=}",
    "...",
    "$",
    "9223372036854775808",
    "f'a{b!r:>{c}}d'",
    "b'x'",
    "'\\q'",
    "x=",
    "[x for x in y]",
    "{'a': 1}",
    "{{ x }}",
    "'{{ x }}'",
];

/// Fields, parts, and other text that the generator of expressions does not make.
pub const WHOLE: &[&str] = &[
    "f'{a=}{b!r}{c:>{d}.{e}}'",
    "f\"{f'{x}'}\" 'b' f'''{ {1: 2}[1] }'''",
    "'a {{ x }} b' == {{ y.z or {} }}",
    "-9223372036854775808 + -9223372036854775808 ** 2",
    "x | f + 1 | g.h(1, a=2) * 2 ** 3",
    "not not a in b not in c is d is not e",
    "[k for k, (v, [w, x]) in a if b if c for d in e]",
    "{k: v for k, v in x.items()}",
    "f(x for x in y)",
    "a[1:2:3][::][:][1][-1:]",
    "a if b else c if d else e",
    "(a, b,), (), (a,), [a,], {a,}, {}",
    "f(a, b=1, c=[2],)",
];

/// A whole expression.
pub fn whole(random: &mut Random, seed: u64) -> String {
    if random.below(8) == 0 {
        return WHOLE[random.below(WHOLE.len())].to_owned();
    }
    Generator::new(seed).expression()
}

/// A text of one of these kinds.
pub fn text(seed: u64) -> String {
    let mut random = Random::new(seed);
    match random.below(8) {
        0 => whole(&mut random, seed),
        1 => {
            let text = whole(&mut random, seed);
            let end = random.below(text.chars().count() + 1);
            text.chars().take(end).collect()
        }
        2 => words(&mut random),
        3 | 4 => {
            let text = whole(&mut random, seed);
            tokens(&mut random, &text)
        }
        _ => {
            let text = whole(&mut random, seed);
            characters(&mut random, &text)
        }
    }
}

fn words(random: &mut Random) -> String {
    let count = random.below(14);
    (0..count)
        .map(|_| WORDS[random.below(WORDS.len())])
        .collect()
}

/// Removes, doubles, swaps or inserts tokens.
fn tokens(random: &mut Random, text: &str) -> String {
    let mut tokens: Vec<String> = Vec::new();
    for character in text.chars() {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        match tokens.last_mut() {
            Some(last) if word(character) && last.chars().all(word) => last.push(character),
            _ => tokens.push(character.to_string()),
        }
    }
    for _ in 0..1 + random.below(3) {
        let at = random.below(tokens.len() + 1);
        let inside = at < tokens.len();
        match random.below(4) {
            0 if inside => drop(tokens.remove(at)),
            1 if inside => tokens.insert(at, tokens[at].clone()),
            2 if inside => {
                let other = random.below(tokens.len());
                tokens.swap(at, other);
            }
            _ => tokens.insert(at, WORDS[random.below(WORDS.len())].to_owned()),
        }
    }
    tokens.concat()
}

/// Removes, swaps or inserts characters, or cuts the text.
fn characters(random: &mut Random, text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..1 + random.below(4) {
        let at = random.below(characters.len() + 1);
        let inside = at < characters.len();
        match random.below(6) {
            0 => characters.truncate(at),
            1 if inside => drop(characters.remove(at)),
            2 => {
                let end = (at + random.below(6)).min(characters.len());
                characters.drain(at..end);
            }
            3 if inside => {
                let other = random.below(characters.len());
                characters.swap(at, other);
            }
            _ => {
                let word = WORDS[random.below(WORDS.len())];
                characters.splice(at..at, word.chars());
            }
        }
    }
    characters.into_iter().collect()
}
