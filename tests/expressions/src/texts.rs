//! Generates expressions that give text: methods, slices, formatting.
//!
//! Enters: a depth. Leaves: the text of an expression of about that depth; its builtins are noted.

use super::{FLOAT_SPECS, Generator, Kind, SPECS, STR_SPECS};

impl Generator {
    pub(super) fn str(&mut self, depth: usize) -> String {
        let d = depth - 1;
        let simple: &[&'static str] = &[
            ".upper",
            ".lower",
            ".title",
            ".capitalize",
            ".strip",
            ".lstrip",
            ".rstrip",
        ];
        match self.random.below(20) {
            0 => self.binary(Kind::Str, depth, &["+"]),
            1 => {
                self.tag("*");
                let (a, b) = (
                    self.make(Kind::Str, d),
                    self.random.pick(&["0", "1", "3", "-1"]),
                );
                format!("({a} * {b})")
            }
            2..=4 => {
                let name = simple[self.random.below(simple.len())];
                let a = self.make(Kind::Str, d);
                self.method(&a, name, &[])
            }
            5 => {
                let name = [".strip", ".lstrip", ".rstrip"][self.random.below(3)];
                let a = self.make(Kind::Str, d);
                self.method(&a, name, &["'aH '".to_owned()])
            }
            6 => {
                let (a, b, c) = (
                    self.make(Kind::Str, d),
                    self.make(Kind::Str, 0),
                    self.make(Kind::Str, 0),
                );
                self.method(&a, ".replace", &[b, c])
            }
            7 => {
                let (a, b) = (self.make(Kind::Str, 0), self.make(Kind::Strs, d));
                self.method(&a, ".join", &[b])
            }
            8 => {
                let kind = self.kind();
                let a = self.make(kind, d);
                self.call("str", &[a])
            }
            9 => {
                self.tag("slice");
                let a = self.make(Kind::Str, d);
                let s = self.slice();
                format!("({a}){s}")
            }
            10 => {
                self.tag("index");
                let a = self.make(Kind::Str, d);
                format!("({a})[{}]", self.random.pick(&["0", "-1", "1", "99"]))
            }
            11 | 12 => self.fstring(d),
            13 => {
                let a = self.make(Kind::Str, d);
                let b = self.random.pick(&["0", "3", "8"]).to_owned();
                self.method(&a, ".zfill", &[b])
            }
            14 => {
                let (a, b) = (self.make(Kind::Str, d), self.make(Kind::Str, 0));
                let name = [".removeprefix", ".removesuffix"][self.random.below(2)];
                self.method(&a, name, &[b])
            }
            15 => self.format(d),
            16 => {
                let name = ["upper", "lower", "strip"][self.random.below(3)];
                let a = self.make(Kind::Str, d);
                self.call(name, &[a])
            }
            17 => {
                let kind = [Kind::Strs, Kind::Ints, Kind::Rows][self.random.below(3)];
                let a = self.make(kind, d);
                self.call("join", &[a, "', '".to_owned()])
            }
            18 => {
                let kind = self.kind();
                let a = self.make(kind, d);
                self.call("tojson", &[a])
            }
            _ => {
                let (a, b) = (self.make(Kind::Any, d), self.make(Kind::Str, d));
                self.call("default", &[a, b])
            }
        }
    }

    pub(super) fn slice(&mut self) -> String {
        let bound = |this: &mut Self| {
            this.random
                .pick(&["", "0", "1", "-1", "2", "-3", "100", "-100"])
                .to_owned()
        };
        let (a, b) = (bound(self), bound(self));
        match self.random.below(3) {
            0 => format!(
                "[{a}:{b}:{}]",
                self.random.pick(&["1", "-1", "2", "-2", ""])
            ),
            _ => format!("[{a}:{b}]"),
        }
    }

    pub(super) fn fstring(&mut self, depth: usize) -> String {
        self.tag("f-string");
        // A replacement field may not contain the quotes or braces of the literal around it.
        let field = |this: &mut Self| {
            let (kind, specs) = match this.random.below(3) {
                0 => (Kind::Int, SPECS),
                1 => (Kind::Float, FLOAT_SPECS),
                _ => (Kind::Str, STR_SPECS),
            };
            let value = this.make(kind, depth.min(1));
            let plain = !value.contains(['"', '\'', '{', '}', '\\', '!', ':']);
            let value = if plain {
                value
            } else {
                ["data.i", "data.f", "data.s"][[Kind::Int, Kind::Float, Kind::Str]
                    .iter()
                    .position(|k| *k == kind)
                    .unwrap_or(0)]
                .to_owned()
            };
            match this.random.below(4) {
                0 => format!("{{{value}}}"),
                1 => {
                    this.tag("!r");
                    format!("{{{value}!r}}")
                }
                _ => {
                    this.tag("spec");
                    format!("{{{value}:{}}}", this.random.pick(specs))
                }
            }
        };
        let (a, b) = (field(self), field(self));
        format!("f\"a{a}{{{{b}}}}{b}\"")
    }

    pub(super) fn format(&mut self, depth: usize) -> String {
        self.tag(".format");
        let (i, f, s) = (
            self.make(Kind::Int, depth),
            self.make(Kind::Float, depth),
            self.make(Kind::Str, depth),
        );
        let (a, b, c) = (
            self.random.pick(SPECS),
            self.random.pick(FLOAT_SPECS),
            self.random.pick(STR_SPECS),
        );
        match self.random.below(3) {
            0 => format!("'{{:{a}}}|{{:{b}}}|{{:{c}}}'.format({i}, {f}, {s})"),
            1 => format!("'{{2}}{{0:{a}}}{{1}}'.format({i}, {f}, {s})"),
            _ => format!("'{{x:{a}}}{{y!r}}'.format(x={i}, y={s})"),
        }
    }
}
