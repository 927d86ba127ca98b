//! Generates expressions that give lists, objects or anything.
//!
//! Enters: a depth. Leaves: the text of an expression of about that depth; its builtins are noted.

use super::{Generator, Kind};

impl Generator {
    pub(super) fn ints(&mut self, depth: usize) -> String {
        let d = depth - 1;
        match self.random.below(12) {
            0 => self.binary(Kind::Ints, depth, &["+"]),
            1 => {
                self.tag("slice");
                let a = self.make(Kind::Ints, d);
                let s = self.slice();
                format!("({a}){s}")
            }
            2 | 3 => {
                let over = [Kind::Ints, Kind::Strs, Kind::Object][self.random.below(3)];
                let body = self.loop_over(over, Kind::Int, d);
                format!("[{body}]")
            }
            4 => {
                self.tag("set comprehension");
                let body = self.loop_over(Kind::Ints, Kind::Int, d);
                format!("{{{body}}}")
            }
            5 => {
                let a = self.make(Kind::Ints, d);
                let name = ["sorted", "reversed", "list", "set"][self.random.below(4)];
                self.call(name, &[a])
            }
            6 => {
                self.tag("sorted");
                let a = self.make(Kind::Ints, d);
                format!(
                    "sorted({a}, reverse={})",
                    self.random.pick(&["True", "False"])
                )
            }
            7 => {
                let a = self.random.pick(&["0", "3", "5"]).to_owned();
                let b = self.random.pick(&["7", "1", "-4"]).to_owned();
                let c = self.random.pick(&["1", "2", "-1", "-3"]).to_owned();
                self.call("range", &[a, b, c])
            }
            8 => {
                let (a, b) = (self.make(Kind::Int, d), self.make(Kind::Int, d));
                self.call("divmod", &[a, b])
            }
            9 => {
                self.tag("generator");
                let body = self.loop_over(Kind::Ints, Kind::Int, d);
                format!("list({body})")
            }
            10 => {
                self.tag("display");
                let (a, b) = (self.make(Kind::Int, d), self.make(Kind::Int, d));
                format!("[{a}, {b}]")
            }
            _ => {
                self.tag(".values");
                self.random
                    .pick(&["data.o.values()", "list(data.o.values())"])
                    .to_owned()
            }
        }
    }

    pub(super) fn strs(&mut self, depth: usize) -> String {
        let d = depth - 1;
        match self.random.below(12) {
            0 => {
                let a = self.make(Kind::Str, d);
                let name = [".split", ".rsplit", ".splitlines"][self.random.below(3)];
                self.method(&a, name, &[])
            }
            1 => {
                let a = self.make(Kind::Str, d);
                let name = [".split", ".rsplit"][self.random.below(2)];
                let b = self.random.pick(&["','", "' '", "'X'", "None"]).to_owned();
                let c = self.random.pick(&["0", "1", "2", "-1"]).to_owned();
                self.method(&a, name, &[b, c])
            }
            2 => {
                let over = [Kind::Strs, Kind::Str, Kind::Ints][self.random.below(3)];
                let body = self.loop_over(over, Kind::Str, d);
                format!("[{body}]")
            }
            3 => {
                let a = self.make(Kind::Object, d);
                self.method(&a, ".keys", &[])
            }
            4 => {
                let a = self.make(Kind::Strs, d);
                let name = ["sorted", "reversed", "list", "unique"][self.random.below(4)];
                self.call(name, &[a])
            }
            5 => {
                let a = self.make(Kind::Str, d);
                let name = ["list", "sorted", "reversed"][self.random.below(3)];
                self.call(name, &[a])
            }
            6 => {
                self.tag("slice");
                let a = self.make(Kind::Strs, d);
                let s = self.slice();
                format!("({a}){s}")
            }
            7 => self.binary(Kind::Strs, depth, &["+"]),
            8 => {
                let a = self.make(Kind::Str, d);
                self.call("split", &[a, "','".to_owned()])
            }
            9 => {
                let a = self.make(Kind::Str, d);
                self.method(&a, ".splitlines", &["True".to_owned()])
            }
            10 => {
                let a = self.make(Kind::Object, d);
                self.call("keys", &[a])
            }
            _ => {
                self.tag("display");
                let (a, b) = (self.make(Kind::Str, d), self.make(Kind::Str, d));
                format!("({a}, {b})")
            }
        }
    }

    pub(super) fn rows(&mut self, depth: usize) -> String {
        let d = depth - 1;
        match self.random.below(6) {
            0 => {
                let body = self.loop_over(Kind::Rows, Kind::Object, d);
                format!("[{body}]")
            }
            1 => {
                self.tag("unpack");
                let a = self.make(Kind::Object, d);
                self.tag(".items");
                format!("[[k, v] for k, v in ({a}).items()]")
            }
            2 => {
                self.tag("unpack");
                self.tag("enumerate");
                let a = self.make(Kind::Strs, d);
                format!("[(i, s * i) for i, s in enumerate({a})]")
            }
            3 => {
                let (a, b) = (self.make(Kind::Ints, d), self.make(Kind::Strs, d));
                self.call("zip", &[a, b])
            }
            4 => {
                let a = self.make(Kind::Strs, d);
                let b = self.random.pick(&["0", "1", "5"]).to_owned();
                self.call("enumerate", &[a, b])
            }
            _ => {
                let a = self.make(Kind::Object, d);
                let name = ["items", ".items"][self.random.below(2)];
                if name == "items" {
                    self.call(name, &[a])
                } else {
                    self.method(&a, name, &[])
                }
            }
        }
    }

    pub(super) fn object(&mut self, depth: usize) -> String {
        let d = depth - 1;
        match self.random.below(7) {
            0 => {
                self.tag("dict display");
                let (a, b) = (self.make(Kind::Int, d), self.make(Kind::Str, d));
                format!("{{'a': {a}, 'b': {b}, 'a': 3}}")
            }
            1 => {
                self.tag("dict comprehension");
                let (a, b) = (self.make(Kind::Strs, d), self.make(Kind::Int, d));
                format!("{{s: {b} for s in {a}}}")
            }
            2 => {
                self.tag("dict comprehension");
                let a = self.make(Kind::Object, d);
                format!("{{k + '!': v for k, v in ({a}).items()}}")
            }
            3 => {
                self.tag("dict");
                let a = self.make(Kind::Int, d);
                format!("dict(data.o, z={a})")
            }
            4 => {
                self.tag("index");
                let a = self.make(Kind::Rows, 0);
                format!("{a}[{}]", self.random.pick(&["0", "-1", "9"]))
            }
            5 => {
                self.tag("fromjson");
                let a = self.make(Kind::Object, d);
                format!("fromjson(tojson({a}))")
            }
            _ => {
                self.tag("dict");
                let a = self.make(Kind::Strs, d);
                format!("dict(zip({a}, range(9)))")
            }
        }
    }

    pub(super) fn any(&mut self, depth: usize) -> String {
        let d = depth - 1;
        match self.random.below(6) {
            0 => {
                let (a, b) = (self.make(Kind::Object, d), self.make(Kind::Str, 0));
                self.method(&a, ".get", &[b])
            }
            1 => {
                let (a, b) = (self.make(Kind::Object, d), self.make(Kind::Int, d));
                self.method(&a, ".get", &["'a'".to_owned(), b])
            }
            2 => {
                self.tag("member");
                let a = self.make(Kind::Object, d);
                format!(
                    "({a}).{}",
                    self.random.pick(&["a", "items", "get", "class", "name"])
                )
            }
            3 => {
                let a = self.make(Kind::Strs, d);
                self.call("first", &[a])
            }
            4 => {
                let kind = self.kind();
                self.tag("default=");
                let a = self.make(Kind::Ints, d);
                let b = self.make(kind, d);
                format!("max({a}, default={b})")
            }
            _ => {
                self.tag("values");
                let a = self.make(Kind::Object, d);
                format!("values({a})")
            }
        }
    }
}
