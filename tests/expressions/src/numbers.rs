//! Generates expressions that give numbers and booleans.
//!
//! Enters: a depth. Leaves: the text of an expression of about that depth; its builtins are noted.

use super::{Generator, Kind};

impl Generator {
    pub(super) fn int(&mut self, depth: usize) -> String {
        let d = depth - 1;
        match self.random.below(20) {
            0..=4 => self.binary(Kind::Int, depth, &["+", "-", "*", "//", "%", "**"]),
            5 => {
                self.tag("neg");
                let a = self.make(Kind::Int, d);
                format!("-{a}")
            }
            6 => {
                let kind = [Kind::Str, Kind::Ints, Kind::Object, Kind::Rows][self.random.below(4)];
                let a = self.make(kind, d);
                self.call("len", &[a])
            }
            7 => {
                let kind = [Kind::Float, Kind::Str, Kind::Bool][self.random.below(3)];
                let a = self.make(kind, d);
                self.call("int", &[a])
            }
            8 => {
                let a = self.make(Kind::Int, d);
                self.call("abs", &[a])
            }
            9 => {
                let a = self.make(Kind::Ints, d);
                let name = ["min", "max", "sum"][self.random.below(3)];
                self.call(name, &[a])
            }
            10 => {
                let (a, b) = (self.make(Kind::Int, d), self.make(Kind::Int, d));
                let name = ["min", "max"][self.random.below(2)];
                self.call(name, &[a, b])
            }
            11 => {
                let (a, b) = (self.make(Kind::Str, d), self.make(Kind::Str, 0));
                let name = [".find", ".count", ".index"][self.random.below(3)];
                self.method(&a, name, &[b])
            }
            12 => {
                let a = self.make(Kind::Float, d);
                self.call("round", &[a])
            }
            13 => {
                let (a, b) = (
                    self.make(Kind::Int, d),
                    self.random.pick(&["-1", "-2", "0", "1"]).to_owned(),
                );
                self.call("round", &[a, b])
            }
            14 => {
                let a = self.make(Kind::Float, d);
                let name = ["math.floor", "math.ceil"][self.random.below(2)];
                self.call(name, &[a])
            }
            15 => {
                self.tag("index");
                let (a, b) = (self.make(Kind::Ints, d), self.make(Kind::Int, 0));
                format!("{a}[{b}]")
            }
            16 => {
                let (a, b) = (self.make(Kind::Ints, d), self.make(Kind::Int, d));
                let name = [".list_count", ".list_index"][self.random.below(2)];
                self.tag(name);
                format!("({a}).{}({b})", &name[6..])
            }
            17 => {
                let (a, b, c) = (
                    self.make(Kind::Int, 0),
                    self.random.pick(&["0", "3", "5"]).to_owned(),
                    self.random.pick(&["7", "-7", "10"]).to_owned(),
                );
                self.call("pow", &[a, b, c])
            }
            18 => {
                self.tag("pos");
                let a = self.make(Kind::Int, d);
                format!("+{a}")
            }
            _ => {
                let (a, b) = (
                    self.random
                        .pick(&["'ff'", "'0x1F'", "'101'", "'z'", "' 12 '"])
                        .to_owned(),
                    self.random.pick(&["16", "2", "36", "0"]).to_owned(),
                );
                self.call("int", &[a, b])
            }
        }
    }

    pub(super) fn float(&mut self, depth: usize) -> String {
        let d = depth - 1;
        match self.random.below(10) {
            0..=2 => self.binary(Kind::Float, depth, &["+", "-", "*", "/", "//", "%"]),
            3 => {
                self.tag("/");
                let (a, b) = (self.make(Kind::Int, d), self.make(Kind::Int, d));
                format!("({a} / {b})")
            }
            4 => {
                let kind = [Kind::Int, Kind::Str][self.random.below(2)];
                let a = self.make(kind, d);
                self.call("float", &[a])
            }
            5 => {
                let (a, b) = (
                    self.make(Kind::Float, d),
                    self.random
                        .pick(&["1", "2", "0", "-1", "-3", "5"])
                        .to_owned(),
                );
                self.call("round", &[a, b])
            }
            6 => {
                let a = self.make(Kind::Float, d);
                let name =
                    ["math.sqrt", "math.log10", "math.exp", "math.log"][self.random.below(4)];
                self.call(name, &[a])
            }
            7 => {
                self.tag("constant");
                self.random.pick(&["math.pi", "math.e"]).to_owned()
            }
            8 => {
                let (a, b) = (
                    self.make(Kind::Float, d),
                    self.random.pick(&["2", "0.5", "-1"]).to_owned(),
                );
                let name = ["math.pow", "pow"][self.random.below(2)];
                self.call(name, &[a, b])
            }
            _ => {
                self.tag("**");
                let a = self.make(Kind::Float, d);
                let b = self.random.pick(&["2", "0.5", "-1", "3"]);
                format!("({a} ** {b})")
            }
        }
    }

    pub(super) fn bool(&mut self, depth: usize) -> String {
        let d = depth - 1;
        match self.random.below(14) {
            0 | 1 => {
                let kind = [Kind::Int, Kind::Float, Kind::Str, Kind::Ints][self.random.below(4)];
                self.binary(kind, depth, &["==", "!=", "<", "<=", ">", ">="])
            }
            2 => {
                self.tag("chain");
                let (a, b, c) = (
                    self.make(Kind::Int, d),
                    self.make(Kind::Float, d),
                    self.make(Kind::Int, d),
                );
                format!("({a} < {b} <= {c})")
            }
            3 => {
                let word = self.random.pick(&["in", "not in"]);
                self.tag(if word == "in" { "in" } else { "not in" });
                let (a, b) = (self.make(Kind::Int, d), self.make(Kind::Ints, d));
                format!("({a} {word} {b})")
            }
            4 => {
                let word = self.random.pick(&["in", "not in"]);
                self.tag(if word == "in" { "in" } else { "not in" });
                let kind = [Kind::Str, Kind::Object, Kind::Strs][self.random.below(3)];
                let (a, b) = (self.make(Kind::Str, d), self.make(kind, d));
                format!("({a} {word} {b})")
            }
            5 => {
                let word = self.random.pick(&["is", "is not"]);
                self.tag(if word == "is" { "is" } else { "is not" });
                let a = self.make(Kind::Any, d);
                format!("({a} {word} None)")
            }
            6 => {
                self.tag("not");
                let kind = self.kind();
                let a = self.make(kind, d);
                format!("(not {a})")
            }
            7 => {
                let kind = self.kind();
                let a = self.make(kind, d);
                self.call("bool", &[a])
            }
            8 => {
                let name = ["any", "all"][self.random.below(2)];
                let body = self.loop_over(Kind::Ints, Kind::Bool, d);
                self.tag(name);
                format!("{name}({body})")
            }
            9 => {
                let a = self.make(Kind::Ints, d);
                let name = ["any", "all"][self.random.below(2)];
                self.call(name, &[a])
            }
            10 => {
                let (a, b) = (self.make(Kind::Str, d), self.make(Kind::Str, 0));
                let name = [".startswith", ".endswith"][self.random.below(2)];
                self.method(&a, name, &[b])
            }
            11 => {
                let a = self.make(Kind::Str, d);
                let name = [".isdigit", ".isalpha"][self.random.below(2)];
                self.method(&a, name, &[])
            }
            12 => {
                let (a, b) = (self.make(Kind::Str, d), self.make(Kind::Strs, 0));
                let name = [".startswith", ".endswith"][self.random.below(2)];
                self.method(&a, name, &[b])
            }
            _ => {
                let kind = self.kind();
                let other = self.kind();
                self.tag("==");
                let (a, b) = (self.make(kind, d), self.make(other, d));
                format!("({a} == {b})")
            }
        }
    }
}
