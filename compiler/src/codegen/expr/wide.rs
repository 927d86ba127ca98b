//! Vectors of many values: of displays, f-strings and calls.
//!
//! Enters: the elements, and how one is written. Leaves: a variable with a vector that statements
//! fill. What would make a function large is in parts, which give some of the elements each. Must
//! not know what the vector is for.

use super::{MANY, body::Body, cut::Apart, extent::Extent};
use crate::{
    codegen::rust::{Name, RustExpr, Stmt},
    ir::expr::{Expr, FPart},
};

/// An element of a vector.
pub(super) trait Element {
    /// The type of its value.
    const TYPE: &'static str;
    /// The expressions in it.
    fn exprs(&self) -> Vec<&Expr>;
}

impl Element for Expr {
    const TYPE: &'static str = "Vec<Value>";
    fn exprs(&self) -> Vec<&Expr> {
        vec![self]
    }
}

impl Element for (Expr, Expr) {
    const TYPE: &'static str = "Vec<(Value, Value)>";
    fn exprs(&self) -> Vec<&Expr> {
        vec![&self.0, &self.1]
    }
}

impl Element for (String, Expr) {
    const TYPE: &'static str = "Vec<(String, Value)>";
    fn exprs(&self) -> Vec<&Expr> {
        vec![&self.1]
    }
}

impl Element for Option<Expr> {
    const TYPE: &'static str = "Vec<Option<Value>>";
    fn exprs(&self) -> Vec<&Expr> {
        self.iter().collect()
    }
}

impl Element for FPart {
    const TYPE: &'static str = "Vec<Value>";
    fn exprs(&self) -> Vec<&Expr> {
        self.children()
    }
}

/// Some elements in a row, written apart.
struct Row<'e> {
    apart: Apart,
    exprs: Vec<&'e Expr>,
}

impl Body<'_> {
    /// Whether statements should fill a vector of these: `rustc` takes minutes for a call with
    /// thousands of arguments, each of which may fail while all those before it are alive.
    pub(super) fn is_wide<T: Element>(&self, items: &[T]) -> bool {
        items.len() > MANY || self.are_large(items.iter().flat_map(Element::exprs))
    }

    /// A vector that statements fill, with one value for each item.
    pub(super) fn filled<T: Element>(
        &mut self,
        items: &[T],
        mut each: impl FnMut(&mut Self, &T) -> RustExpr,
    ) -> RustExpr {
        if items.is_empty() {
            return RustExpr::Vector(Vec::new());
        }
        let list = self.variable();
        let rows = items.iter().map(|item| {
            let ((), apart) = self.measured(|body| {
                body.extent.nodes += 1;
                let value = each(body, item);
                body.push(method(&list, "push", value));
            });
            let exprs = item.exprs();
            Row { apart, exprs }
        });
        let mut rows: Vec<_> = rows.collect();
        while nodes(&rows) >= self.large() {
            let before = rows.len();
            rows = self.gathered(rows, &list, T::TYPE);
            if rows.len() == before {
                break;
            }
        }
        self.push(Stmt::LetMut(list.clone(), new()));
        for row in rows {
            self.place(row.apart);
        }
        RustExpr::Name(list)
    }

    /// The same elements in fewer rows, each of which calls a part.
    fn gathered<'e>(
        &mut self,
        rows: Vec<Row<'e>>,
        list: &Name,
        gives: &'static str,
    ) -> Vec<Row<'e>> {
        let large = self.large();
        let mut gathered = Vec::new();
        let mut rows = rows.into_iter().peekable();
        while let Some(first) = rows.next() {
            let mut together = vec![first];
            while let Some(next) = rows.peek()
                && (nodes(&together) + next.apart.extent.nodes <= large || together.len() == 1)
            {
                together.extend(rows.next());
            }
            gathered.push(self.gather_rows(together, list, gives));
        }
        gathered
    }

    /// One row that calls a part with these; or the only one, as it is.
    fn gather_rows<'e>(
        &mut self,
        mut rows: Vec<Row<'e>>,
        list: &Name,
        gives: &'static str,
    ) -> Row<'e> {
        if rows.len() == 1
            && let Some(only) = rows.pop()
        {
            return only;
        }
        let mut exprs = Vec::new();
        let mut apart = Apart {
            block: vec![Stmt::LetMut(list.clone(), new())],
            extent: Extent::default(),
        };
        for row in rows {
            exprs.extend(row.exprs);
            apart.block.extend(row.apart.block);
            apart.extent.add(row.apart.extent);
        }
        let all = RustExpr::call("Ok", vec![RustExpr::Name(list.clone())]);
        let ((), apart) = self.measured(|body| {
            let call = body.part(apart, all, gives, &exprs).tried();
            body.push(method(list, "extend", call));
        });
        Row { apart, exprs }
    }
}

/// How many nodes the rows have together.
fn nodes(rows: &[Row<'_>]) -> usize {
    rows.iter().map(|row| row.apart.extent.nodes).sum()
}

fn new() -> RustExpr {
    RustExpr::call("Vec::new", Vec::new())
}

/// `list.name(value);`
fn method(list: &Name, name: &'static str, value: RustExpr) -> Stmt {
    let list = Box::new(RustExpr::Name(list.clone()));
    Stmt::Do(RustExpr::Method(list, name, vec![value]))
}
