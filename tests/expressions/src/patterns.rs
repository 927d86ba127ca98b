//! Generates calls of `re` with random patterns, on texts that they are likely to match.
//!
//! Enters: nothing. Leaves: calls of `re` whose patterns and texts are literals.

use super::{Generator, Kind, Random};

const TEXTS: &[&str] = &[
    "",
    "a",
    "ab",
    "abc",
    "aab",
    "a\n",
    "\n",
    "ab\n",
    "ab\n\n",
    "a\nb",
    "a\nb\n",
    "12\n",
    "x1 y2",
    "a-b_c",
    "[a&&b]",
    "{a}",
    "a{2}",
    "^$.",
    "ÀÉ ß",
    "日本 1",
    "a\u{1c}b",
    "\u{1c}\n",
    "٣4",
    "ⅷ²x",
    "aXbXc",
    "a,b,,c",
    "\r\n",
    "A\tB",
    "~~--||",
    "a\u{301}b",
    "]\\",
];
const ATOMS: &[&str] = &[
    "a", "b", "1", "X", ",", " ", "\n", r"\n", ".", r"\d", r"\D", r"\s", r"\S", r"\w", r"\W",
    r"\.", r"\-", r"\x41", r"\x0a", r"\0", r"\101", r"\u00c9", r"\t", r"\x1c", "é", "日", "{", "}",
    "{}", "a{", "{,", "]", "&", "-", "~", r"\\", r"\[",
];
const ANCHORS: &[&str] = &["^", "$", "$", "$", r"\A", r"\Z", r"\b", r"\B"];
const CLASS_ITEMS: &[&str] = &[
    "a",
    "b",
    "a-c",
    "0-9",
    "A-Z",
    r"\d",
    r"\s",
    r"\w",
    r"\S",
    r"\D",
    r"\W",
    "&&",
    "~~",
    "--",
    "||",
    "[",
    "^",
    r"\]",
    r"\n",
    "\n",
    r"\x00-\x1b",
    r"\x1c",
    r"\t-\r",
    r"\x1b-\x20",
    "$",
    ".",
    "-",
    r"\b",
    "é",
    "*",
    "{",
    r"\101",
    r"\-",
];
const REPETITIONS: &[&str] = &[
    "*", "+", "?", "*?", "+?", "??", "{2}", "{1,}", "{,2}", "{1,2}", "{0,2}?", "{,}", "{,1}",
];
const FLAGS: &[&str] = &["(?i)", "(?m)", "(?s)", "(?a)", "(?x)", "(?sm)", "(?u)"];
const REPLACEMENTS: &[&str] = &[
    "-", "", "$1", "${0}", r"[\g<0>]", r"\1", r"\g<1>", r"\g<n>", r"\0", r"\n", r"\\", r"\101",
    r"\08", r"\-", r"\b", r"<\1\1>", r"\2", "é",
];

fn literal(text: &str) -> String {
    let text = text.replace('\\', r"\\").replace('\'', r"\'");
    let text = text.replace('\n', r"\n").replace('\r', r"\r");
    format!("'{text}'")
}

fn class(random: &mut Random) -> String {
    let mut out = random.pick(&["[", "[^", "[]", "[^]"]).to_owned();
    for _ in 0..=random.below(3) {
        out += random.pick(CLASS_ITEMS);
    }
    out + "]"
}

fn item(random: &mut Random, depth: usize) -> String {
    match random.below(12) {
        0..=1 => random.pick(ANCHORS).to_owned(),
        2..=3 => class(random),
        4..=5 if depth > 0 => {
            let inner = pattern(random, depth - 1);
            let opening = random.pick(&["(", "(", "(?:", "(?P<n>", "(?i:", "(?s:", "(?#c)("]);
            format!("{opening}{inner})")
        }
        _ => random.pick(ATOMS).to_owned(),
    }
}

fn sequence(random: &mut Random, depth: usize) -> String {
    let mut out = String::new();
    for _ in 0..=random.below(3) {
        out += &item(random, depth);
        if random.below(3) == 0 {
            out += random.pick(REPETITIONS);
        }
    }
    out
}

fn pattern(random: &mut Random, depth: usize) -> String {
    let mut out = sequence(random, depth);
    if random.below(4) == 0 {
        let other = match random.below(4) {
            0 => String::new(),
            _ => sequence(random, depth),
        };
        out = format!("{out}|{other}");
    }
    if random.below(4) == 0 {
        out += "$";
    }
    out
}

impl Generator {
    fn pattern(&mut self) -> String {
        let mut out = pattern(&mut self.random, 2);
        if self.random.below(6) == 0 {
            out = self.random.pick(FLAGS).to_owned() + &out;
        }
        literal(&out)
    }

    fn subject(&mut self) -> String {
        match self.random.below(4) {
            0 => self.make(Kind::Str, 0),
            _ => literal(self.random.pick(TEXTS)),
        }
    }

    /// A call of a function of `re` that gives text. From a match it reads one field.
    pub(super) fn regex(&mut self) -> String {
        let (pattern, text) = (self.pattern(), self.subject());
        match self.random.below(4) {
            0 => self.module_call("re.match", &[pattern, text]),
            1 => self.module_call("re.search", &[pattern, text]),
            2 => self.module_call("re.findall", &[pattern, text]),
            _ => self.substitution(pattern, text),
        }
    }

    pub(super) fn substitution(&mut self, pattern: String, text: String) -> String {
        let replacement = literal(self.random.pick(REPLACEMENTS));
        let mut args = vec![pattern, replacement, text];
        if self.random.below(4) == 0 {
            args.push(self.random.pick(&["0", "1", "2", "-1"]).to_owned());
        }
        self.module_call("re.sub", &args)
    }

    fn module_call(&mut self, name: &'static str, args: &[String]) -> String {
        self.tag(name);
        format!("{name}({})", args.join(", "))
    }
}
