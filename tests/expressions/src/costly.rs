//! Costly expressions: trees of parts that can be changed at random.
//!
//! Enters: random numbers, and the names of the builtins. Leaves: trees, and their text. A part is a
//! text with holes: `@` for an expression, `#` for a number, `$` for a text literal. Must not know
//! what anything costs.

use crate::Random;

/// An expression.
#[derive(Clone, Debug)]
pub struct Tree {
    part: String,
    /// What fills the holes `@`, in order.
    children: Vec<Tree>,
    /// What fills the holes `#`, in order.
    numbers: Vec<u64>,
    /// What fills the holes `$`, in order.
    words: Vec<&'static str>,
}

/// Parts that builtins do not give.
const PARTS: &[&str] = &[
    "data",
    "data.rows",
    "$",
    "$ * #",
    "[0] * #",
    "list(range(#))",
    "range(#)",
    "[@] * #",
    "(@) * #",
    "[@ for i in range(#)]",
    "[x for x in @]",
    "[[x, x] for x in @]",
    "{str(x): x for x in @}",
    "{x for x in @}",
    "{'a': @, 'b': @}",
    "[@, @]",
    "any(x == @ for x in @)",
    "all(x != y for x in @ for y in @)",
    "any(x in @ for x in @)",
    "sum(1 for x in @ for y in @)",
    "[y for x in [@] for y in [[x, x]] for y in [[y, y]] for y in [[y, y]]]",
    "f'{@}'",
    "f'{@!r}'",
    "f'{@:>#}'",
    "f'{@:#}'",
    "f'{1.5:.#f}'",
    "f'{1:0#,}'",
    "'{}{}'.format(@, @)",
    "(@ == @)",
    "(@ < @)",
    "(@ in @)",
    "(@ + @)",
    "(@ or @)",
    "(@ if @ else @)",
    "(@)[#:]",
    "(@)[::-1]",
    "(@)[#]",
    "str(@)",
    "$.join(str(x) for x in @)",
    "fromjson(tojson(@))",
    "re.findall($, str(@))",
    "re.sub($, $, str(@))",
    "re.search('(?:' + $ + '){#}', str(@))",
    "re.search($ + str(#), str(@))",
    "[re.search($ + str(i), 'a') for i in range(#)]",
];

const WORDS: &[&str] = &[
    "'a'",
    "'ab'",
    "''",
    "','",
    "'a,'",
    "' '",
    "'é'",
    "'ß'",
    "'\\x00'",
    "'.*[^A-Z]|[A-Z]'",
    "'(a|b)*c'",
    "'\\\\w{20}'",
    "'[ab]*a[ab]{9}'",
    "'a?'",
    "'%'",
    "'&'",
    "'{}'",
    "'[0],'",
    "'2026-01-01'",
    "'0'",
    "'\"\\\\u0041\"'",
    "'ﬁ'",
    "'ΐ'",
    "'😀'",
];

/// Every part there is.
#[derive(Debug)]
pub struct Parts(Vec<String>);

impl Parts {
    /// The parts above, and a call of every builtin. Of a builtin is given whether it is a method,
    /// its name, and how many parameters it has.
    pub fn new<'n>(builtins: impl Iterator<Item = (bool, &'n str, usize)>) -> Self {
        let calls = builtins.flat_map(|(method, name, parameters)| {
            let needed = parameters.min(3);
            (needed.min(1)..=needed).map(move |count| {
                let holes = vec!["@"; count].join(", ");
                let receiver = if method { "(@)." } else { "" };
                format!("{receiver}{name}({holes})")
            })
        });
        Self(
            PARTS
                .iter()
                .map(|&part| part.to_owned())
                .chain(calls)
                .collect(),
        )
    }

    /// A new tree of at most this height.
    pub fn tree(&self, random: &mut Random, height: usize) -> Tree {
        let part = &self.0[random.below(if height == 0 { 7 } else { self.0.len() })];
        let holes = |hole| part.matches(hole).count();
        Tree {
            children: (0..holes('@'))
                .map(|_| self.tree(random, height.saturating_sub(1)))
                .collect(),
            numbers: (0..holes('#')).map(|_| number(random)).collect(),
            words: (0..holes('$'))
                .map(|_| WORDS[random.below(WORDS.len())])
                .collect(),
            part: part.clone(),
        }
    }

    /// The tree with something in it changed; `other` may give a part of itself.
    pub fn changed(&self, random: &mut Random, mut tree: Tree, other: &Tree) -> Tree {
        for _ in 0..=random.below(3) {
            let count = tree.count();
            let at = random.below(count);
            let new = match random.below(5) {
                0 => self.tree(random, 2),
                1 => other.nth(random.below(other.count())).clone(),
                2 => self.around(random, tree.nth(at).clone()),
                _ => {
                    let mut same = tree.nth(at).clone();
                    for number in &mut same.numbers {
                        *number = match random.below(4) {
                            0 => number.saturating_mul(10),
                            1 => *number / 3,
                            2 => number.saturating_mul(2),
                            _ => self::number(random),
                        };
                    }
                    for word in &mut same.words {
                        *word = WORDS[random.below(WORDS.len())];
                    }
                    same
                }
            };
            *tree.nth_mut(at) = new;
        }
        tree
    }

    /// A new part with the tree in one of its holes.
    fn around(&self, random: &mut Random, inner: Tree) -> Tree {
        let mut outer = self.tree(random, 1);
        let holes = outer.children.len();
        if holes > 0 {
            outer.children[random.below(holes)] = inner;
        }
        outer
    }
}

/// Small, or about a power of ten.
fn number(random: &mut Random) -> u64 {
    match random.below(3) {
        0 => random.below(20) as u64,
        _ => 10_u64
            .pow(random.below(9) as u32)
            .saturating_mul(1 + random.below(9) as u64),
    }
}

impl Tree {
    /// The text of the expression.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let (mut children, mut numbers, mut words) =
            (self.children.iter(), self.numbers.iter(), self.words.iter());
        for sign in self.part.chars() {
            match sign {
                '@' => out.push_str(&children.next().map(Tree::text).unwrap_or_default()),
                '#' => out.push_str(&numbers.next().map(u64::to_string).unwrap_or_default()),
                '$' => out.push_str(words.next().unwrap_or(&"")),
                other => out.push(other),
            }
        }
        out
    }

    /// The parts of the tree without numbers and words.
    pub fn shape(&self) -> String {
        let children = self.children.iter().map(Tree::shape);
        format!("{}[{}]", self.part, children.collect::<Vec<_>>().join(";"))
    }

    fn count(&self) -> usize {
        1 + self.children.iter().map(Tree::count).sum::<usize>()
    }

    fn nth(&self, mut at: usize) -> &Tree {
        if at == 0 {
            return self;
        }
        at -= 1;
        for child in &self.children {
            let count = child.count();
            if at < count {
                return child.nth(at);
            }
            at -= count;
        }
        self
    }

    fn nth_mut(&mut self, mut at: usize) -> &mut Tree {
        if at == 0 {
            return self;
        }
        at -= 1;
        let found = self.children.iter().position(|child| {
            let count = child.count();
            let inside = at < count;
            if !inside {
                at -= count;
            }
            inside
        });
        match found {
            Some(child) => self.children[child].nth_mut(at),
            None => self,
        }
    }
}
