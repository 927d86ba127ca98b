//! Generates random expressions, most of them well typed, and random data of a known shape.
//!
//! Enters: a seed. Leaves: expressions, the JSON they can read, and which operators and builtins
//! each of them uses, so that a test can check that all were compared. The tests of the expression crate
//! and of the compiler use it; no crate links it. Must not know parser, checker or interpreter.

// Invariant 10 speaks of what reaches a user; a test tool may panic.
#![allow(clippy::indexing_slicing, clippy::string_slice)]

mod collections;

pub mod costly;

mod numbers;

mod patterns;

mod texts;

use std::collections::BTreeSet;

/// A small linear congruential generator, so that every machine makes the same expressions.
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    /// Numbers that follow from the seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// The next number, from 0 and below `bound`, which is not 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % bound
    }

    /// One of these.
    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// The type of value that an expression should give.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Kind {
    Int,
    Float,
    Bool,
    Str,
    Ints,
    Strs,
    Rows,
    Object,
    Any,
}

/// Makes expressions.
#[derive(Debug)]
pub struct Generator {
    /// Decides what comes next.
    pub random: Random,
    /// The operators and builtins that the current expression uses.
    pub used: BTreeSet<&'static str>,
    /// Loop variables in scope.
    locals: Vec<(String, Kind)>,
    counter: usize,
}

const STRINGS: &[&str] = &[
    "''",
    "'a'",
    "\"b c\"",
    "'Hello World'",
    "'héllo wörld'",
    "'日本語'",
    "'😀x'",
    "'  pad '",
    "'a,b,,c'",
    "'12'",
    "'-7'",
    "'3.5'",
    "'line\\none\\r\\ntwo'",
    "'ÀÉ ß ǆ'",
    "'aXbXc'",
    "'\\t\\u00e9'",
    "'{}'",
    "'%'",
    "'it\\'s'",
    "'ᾳ ΑΣ ΟΔΟΣ, ŉσ'",
    "'აბგ ᲐᲑ'",
    "'ⅷ'",
    "'ⓐ'",
    "'٣'",
    "'١.٥'",
    "'²③'",
    "'e\\u0301a'",
    "'ﬁn İIı'",
];
const INTS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "7",
    "10",
    "-1",
    "-5",
    "42",
    "1000",
    "0x1f",
    "9007199254740993",
    "True",
    "12_345",
];
const FLOATS: &[&str] = &[
    "0.0",
    "1.0",
    "2.5",
    "-0.5",
    "3.14159",
    "1e16",
    "1e-7",
    "0.1",
    "2.675",
    "1e22",
    "-0.0",
    "123456.789",
    ".5",
];
const SPECS: &[&str] = &[
    ">8", "<8", "^9", "*^10", "8", "08", "+", " ", ",", "_", "=+9", "#x", "b", "o", "X", "d",
];
const FLOAT_SPECS: &[&str] = &[
    ".2f", "10.3f", "e", ".0f", "g", ".3g", "%", ",.2f", "+.1e", "010.2f", ".4", "G", "#.3g",
    "_.1f", "E",
];
const STR_SPECS: &[&str] = &[">8", "<8", "^9", "*^10", ".2", "s", "10.3", "08"];

impl Generator {
    /// A generator whose expressions follow from the seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            random: Random::new(seed),
            used: BTreeSet::new(),
            locals: Vec::new(),
            counter: 0,
        }
    }

    /// The next expression; `used` then says what it uses.
    pub fn expression(&mut self) -> String {
        self.used.clear();
        self.locals.clear();
        let kind = self.kind();
        let depth = 1 + self.random.below(4);
        self.make(kind, depth)
    }

    fn kind(&mut self) -> Kind {
        use Kind::{Any, Bool, Float, Int, Ints, Object, Rows, Str, Strs};
        [
            Int, Float, Bool, Str, Ints, Strs, Rows, Object, Any, Str, Int, Str,
        ][self.random.below(12)]
    }

    fn tag(&mut self, tag: &'static str) {
        self.used.insert(tag);
    }

    fn make(&mut self, kind: Kind, depth: usize) -> String {
        // Sometimes an expression of another type, so that refusals are compared too.
        let kind = if self.random.below(60) == 0 {
            self.kind()
        } else {
            kind
        };
        if depth == 0 {
            return self.leaf(kind);
        }
        match self.random.below(10) {
            0 => self.ternary(kind, depth),
            1 => self.logic(kind, depth),
            2 if matches!(kind, Kind::Str | Kind::Any) => self.regex(),
            _ => match kind {
                Kind::Int => self.int(depth),
                Kind::Float => self.float(depth),
                Kind::Bool => self.bool(depth),
                Kind::Str => self.str(depth),
                Kind::Ints => self.ints(depth),
                Kind::Strs => self.strs(depth),
                Kind::Rows => self.rows(depth),
                Kind::Object => self.object(depth),
                Kind::Any => self.any(depth),
            },
        }
    }

    fn leaf(&mut self, kind: Kind) -> String {
        let fitting: Vec<String> = self
            .locals
            .iter()
            .filter(|(_, local)| *local == kind)
            .map(|(name, _)| name.clone())
            .collect();
        if !fitting.is_empty() && self.random.below(2) == 0 {
            return fitting[self.random.below(fitting.len())].clone();
        }
        match kind {
            Kind::Int => match self.random.below(3) {
                0 => "data.i".to_owned(),
                1 => "data['j']".to_owned(),
                _ => self.random.pick(INTS).to_owned(),
            },
            Kind::Float => {
                if self.random.below(3) == 0 {
                    "data.f".to_owned()
                } else {
                    self.random.pick(FLOATS).to_owned()
                }
            }
            Kind::Bool => self
                .random
                .pick(&["data.b", "True", "False", "true", "false"])
                .to_owned(),
            Kind::Str => {
                if self.random.below(3) == 0 {
                    "data.s".to_owned()
                } else {
                    self.random.pick(STRINGS).to_owned()
                }
            }
            Kind::Ints => self
                .random
                .pick(&[
                    "data.ints",
                    "[]",
                    "[3, 1, 2]",
                    "(1, 2, 2)",
                    "{2, 1, 2}",
                    "[1, 1.0, True]",
                    "[10, -3]",
                ])
                .to_owned(),
            Kind::Strs => self
                .random
                .pick(&["data.strs", "['b', 'a']", "['x', '']", "[]", "('p', 'q')"])
                .to_owned(),
            Kind::Rows => "data.rows".to_owned(),
            Kind::Object => self
                .random
                .pick(&[
                    "data.o",
                    "{}",
                    "{'a': 1, 'b': 2}",
                    "data.deep",
                    "data.o.inner",
                    "{'k': None}",
                ])
                .to_owned(),
            Kind::Any => self
                .random
                .pick(&[
                    "None",
                    "null",
                    "data.missing",
                    "data.mixed",
                    "data",
                    "data.deep.x.y",
                    "data.n",
                ])
                .to_owned(),
        }
    }

    fn ternary(&mut self, kind: Kind, depth: usize) -> String {
        self.tag("if");
        let (a, c, b) = (
            self.make(kind, depth - 1),
            self.make(Kind::Bool, depth - 1),
            self.make(kind, depth - 1),
        );
        format!("({a} if {c} else {b})")
    }

    fn logic(&mut self, kind: Kind, depth: usize) -> String {
        let word = self.random.pick(&["and", "or"]);
        self.tag(if word == "and" { "and" } else { "or" });
        let left = if self.random.below(2) == 0 {
            Kind::Any
        } else {
            kind
        };
        let (a, b) = (self.make(left, depth - 1), self.make(kind, depth - 1));
        format!("({a} {word} {b})")
    }

    fn binary(&mut self, kind: Kind, depth: usize, operators: &[&'static str]) -> String {
        let operator = operators[self.random.below(operators.len())];
        self.tag(operator);
        let (a, b) = (self.make(kind, depth - 1), self.make(kind, depth - 1));
        if self.random.below(3) == 0 {
            format!("{a} {operator} {b}")
        } else {
            format!("({a} {operator} {b})")
        }
    }

    fn call(&mut self, name: &'static str, args: &[String]) -> String {
        self.tag(name);
        if !args.is_empty() && self.random.below(6) == 0 && !name.contains('.') {
            let rest = args[1..].join(", ");
            return if rest.is_empty() {
                format!("({} | {name})", args[0])
            } else {
                format!("({} | {name}({rest}))", args[0])
            };
        }
        format!("{name}({})", args.join(", "))
    }

    fn method(&mut self, receiver: &str, name: &'static str, args: &[String]) -> String {
        self.tag(name);
        let bare = receiver
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '\'' | '[' | ']'))
            && !receiver.starts_with(|c: char| c.is_ascii_digit() || c == '.');
        if bare {
            format!("{receiver}.{}({})", &name[1..], args.join(", "))
        } else {
            format!("({receiver}).{}({})", &name[1..], args.join(", "))
        }
    }

    fn loop_over(&mut self, over: Kind, element: Kind, depth: usize) -> String {
        self.tag("comprehension");
        let iter = self.make(over, depth.min(1));
        self.counter += 1;
        let name = format!("x{}", self.counter);
        let item = match over {
            Kind::Ints => Kind::Int,
            Kind::Strs | Kind::Str | Kind::Object => Kind::Str,
            Kind::Int | Kind::Float | Kind::Bool | Kind::Rows | Kind::Any => Kind::Object,
        };
        self.locals.push((name.clone(), item));
        let second = if self.random.below(5) == 0 {
            self.tag("nested for");
            let iter = self.make(Kind::Ints, 0);
            self.locals.push((format!("y{}", self.counter), Kind::Int));
            format!(" for y{} in {iter}", self.counter)
        } else {
            String::new()
        };
        let body = self.make(element, depth.min(2));
        let condition = if self.random.below(2) == 0 {
            format!(" if {}", self.make(Kind::Bool, depth.min(1)))
        } else {
            String::new()
        };
        self.locals.pop();
        if !second.is_empty() {
            self.locals.pop();
        }
        format!("{body} for {name} in {iter}{second}{condition}")
    }
}

/// Random data of the shape that the expressions expect.
pub fn data(random: &mut Random) -> String {
    let int = |random: &mut Random| {
        random
            .pick(&[
                "0",
                "1",
                "-3",
                "17",
                "255",
                "-1000000",
                "4611686018427387904",
            ])
            .to_owned()
    };
    let float = |random: &mut Random| {
        random
            .pick(&["0.5", "-2.25", "1e10", "3.0", "1e-5", "99.995"])
            .to_owned()
    };
    let string = |random: &mut Random| {
        random
            .pick(&[
                "\"\"",
                "\"abc\"",
                "\"Grüße, Welt\"",
                "\"a b  c\"",
                "\"12\"",
                "\"日本 😀\"",
                "\"x,y\"",
                "\"Line\\n2\"",
            ])
            .to_owned()
    };
    let ints: Vec<String> = (0..random.below(5)).map(|_| int(random)).collect();
    let strs: Vec<String> = (0..random.below(4)).map(|_| string(random)).collect();
    let rows: Vec<String> = (0..random.below(4))
        .map(|_| {
            format!(
                "{{\"name\":{},\"value\":{},\"items\":[1]}}",
                string(random),
                int(random)
            )
        })
        .collect();
    format!(
        "{{\"i\":{},\"j\":{},\"f\":{},\"b\":{},\"n\":null,\"s\":{},\"ints\":[{}],\"strs\":[{}],\"rows\":[{}],\"o\":{{\"a\":{},\"b\":2,\"inner\":{{\"c\":{}}}}},\"deep\":{{\"x\":{{\"z\":1}},\"items\":2}},\"mixed\":[1,\"a\",null,2.5]}}",
        int(random),
        int(random),
        float(random),
        random.pick(&["true", "false"]),
        string(random),
        ints.join(","),
        strs.join(","),
        rows.join(","),
        int(random),
        string(random),
    )
}
