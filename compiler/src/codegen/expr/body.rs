//! The body of one generated function: its statements so far, and pieces not yet placed.
//!
//! Enters: statements and pieces in order of evaluation. Leaves: lines. Keeps that order: a
//! piece whose evaluation can fail is bound before statements that come after it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    codegen::{
        constants::Constants,
        layout::Code,
        paths::{Imports, Item},
    },
    ir::expr::LocalId,
};

/// Wider arguments are bound to variables first.
const ARGUMENTS: usize = 60;
/// Wider `if` expressions stand on several lines.
const IF_ELSE: usize = 50;

/// The source of a value that has not been placed yet.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    code: Code,
    form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Makes a new value, cannot fail.
    Fresh,
    /// Makes a new value from something that may fail or reads the clock.
    Effect,
    /// A call that gives a `Result`.
    Fallible,
    /// A variable that is used here for the last time.
    Local,
    /// A constant: cloned where it is taken.
    Shared,
    /// A variable that is a reference: cloned where it is taken.
    Borrowed,
}

impl Piece {
    /// A new value that cannot fail.
    pub(super) fn fresh(text: impl Into<String>) -> Self {
        Self {
            code: Code::atom(text),
            form: Form::Fresh,
        }
    }

    /// A new value; `effect` when a part of it may fail.
    pub(super) fn built(code: Code, effect: bool) -> Self {
        let form = if effect { Form::Effect } else { Form::Fresh };
        Self { code, form }
    }

    /// A call that gives a `Result`.
    pub(super) fn fallible(head: impl Into<String>, args: Vec<Code>) -> Self {
        Self {
            code: Code::call(head, args),
            form: Form::Fallible,
        }
    }

    /// A variable used here for the last time.
    pub(super) fn local(name: impl Into<String>) -> Self {
        Self {
            code: Code::atom(name),
            form: Form::Local,
        }
    }

    /// A constant.
    pub(super) fn shared(name: impl Into<String>) -> Self {
        Self {
            code: Code::atom(name),
            form: Form::Shared,
        }
    }

    /// A variable that is a reference.
    pub(super) fn borrowed(name: impl Into<String>) -> Self {
        Self {
            code: Code::atom(name),
            form: Form::Borrowed,
        }
    }

    /// Source that gives the value itself.
    pub(super) fn owned(&self) -> Code {
        match self.form {
            Form::Fallible => self.code.clone().tried(),
            Form::Shared | Form::Borrowed => Code::atom(format!("{}.clone()", self.code.flat())),
            Form::Fresh | Form::Effect | Form::Local => self.code.clone(),
        }
    }

    /// Source that gives a reference to the value.
    pub(super) fn reference(&self) -> Code {
        match self.form {
            Form::Fallible => self.code.clone().tried().borrowed(),
            Form::Borrowed => self.code.clone(),
            _ => self.code.clone().borrowed(),
        }
    }

    /// Source that gives a `Result` of the value.
    pub(super) fn result(&self) -> Code {
        match self.form {
            Form::Fallible => self.code.clone(),
            _ => Code::call("Ok", vec![self.owned()]),
        }
    }

    /// Whether it matters when it is evaluated.
    pub(super) fn has_effect(&self) -> bool {
        matches!(self.form, Form::Fallible | Form::Effect)
    }

    /// Whether it is a variable or constant that is used again.
    pub(super) fn is_shared(&self) -> bool {
        matches!(self.form, Form::Shared | Form::Borrowed)
    }

    fn is_name(&self) -> bool {
        matches!(self.form, Form::Local | Form::Shared | Form::Borrowed)
    }
}

/// A function's body.
pub(super) struct Body<'a> {
    imports: &'a mut Imports,
    constants: &'a mut Constants,
    lines: Vec<String>,
    indent: usize,
    variables: u32,
    pub(super) uses_scope: bool,
    pub(super) uses_cx: bool,
    pub(super) uses_regex: bool,
    pub(super) has_loops: bool,
    locals: BTreeMap<LocalId, String>,
    used: BTreeSet<LocalId>,
}

impl<'a> Body<'a> {
    pub(super) fn new(imports: &'a mut Imports, constants: &'a mut Constants) -> Self {
        Self {
            imports,
            constants,
            lines: Vec::new(),
            indent: 0,
            variables: 0,
            uses_scope: false,
            uses_cx: false,
            uses_regex: false,
            has_loops: false,
            locals: BTreeMap::new(),
            used: BTreeSet::new(),
        }
    }

    /// The name of a runtime item.
    pub(super) fn path(&mut self, item: Item) -> &'static str {
        self.imports.name(item)
    }

    /// Imports and hoisted constants.
    pub(super) fn tables(&mut self) -> (&mut Imports, &mut Constants) {
        (self.imports, self.constants)
    }

    /// The lines, without the function's own indentation.
    pub(super) fn finish(self) -> Vec<String> {
        self.lines
    }

    /// A statement's line.
    pub(super) fn line(&mut self, text: impl AsRef<str>) {
        let indent = self.indent * 4;
        self.lines.push(format!("{:indent$}{}", "", text.as_ref()));
    }

    /// A statement, or the last expression of a block.
    pub(super) fn place(&mut self, prefix: &str, code: &Code, suffix: &str) {
        // The function's own indentation comes on top.
        let indent = (self.indent + 1) * 4;
        let text = match prefix.strip_suffix(" = ") {
            Some(name) => code.assigned(&format!("{name} ="), indent, suffix.len()),
            None => format!(
                "{prefix}{}",
                code.lay_out(indent, prefix.len(), suffix.len())
            ),
        };
        for (at, line) in format!("{text}{suffix}").lines().enumerate() {
            if at == 0 {
                self.line(line);
            } else {
                self.lines
                    .push(line.get(4..).unwrap_or_default().to_owned());
            }
        }
    }

    /// How many lines there are; a place to go back to.
    pub(super) fn mark(&self) -> usize {
        self.lines.len()
    }

    /// Replaces the line at a mark.
    pub(super) fn set_line(&mut self, mark: usize, text: &str) {
        let indent = self.indent * 4;
        if let Some(line) = self.lines.get_mut(mark) {
            *line = format!("{:indent$}{text}", "");
        }
    }

    /// The blanks before a line here.
    pub(super) fn indentation(&self) -> String {
        " ".repeat(self.indent * 4)
    }

    /// A new variable's name.
    pub(super) fn variable(&mut self) -> String {
        let name = format!("v{}", self.variables);
        self.variables += 1;
        name
    }

    /// Lines one level further in.
    pub(super) fn indented<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        self.indent += 1;
        let result = write(self);
        self.indent -= 1;
        result
    }

    /// Binds a piece to a variable, unless it is one.
    pub(super) fn bind(&mut self, piece: Piece) -> Piece {
        if piece.is_name() {
            return piece;
        }
        let name = self.variable();
        self.place(&format!("let {name} = "), &piece.owned(), ";");
        Piece::local(name)
    }

    /// Binds the pieces whose time of evaluation matters at a mark, before the lines that
    /// follow it.
    pub(super) fn settle(&mut self, pieces: &mut [Piece], mark: usize) {
        if self.lines.len() == mark {
            return;
        }
        let mut mark = mark;
        for piece in pieces.iter_mut().filter(|piece| piece.has_effect()) {
            let end = self.lines.len();
            let bound = self.bind(piece.clone());
            // What was just written belongs before the lines from the mark on.
            let new = self.lines.len() - end;
            if let Some(lines) = self.lines.get_mut(mark..) {
                lines.rotate_right(new);
            }
            mark += new;
            *piece = bound;
        }
    }

    /// Binds pieces that would make one line too long.
    pub(super) fn fit(&mut self, pieces: &mut [Piece]) {
        let width: usize = pieces
            .iter()
            .map(|piece| piece.owned().flat().len() + 3)
            .sum();
        if width <= ARGUMENTS {
            return;
        }
        for piece in pieces {
            if !piece.is_name() && (piece.has_effect() || piece.code.flat().len() > ARGUMENTS / 4) {
                *piece = self.bind(piece.clone());
            }
        }
    }

    /// `{prefix}if {condition} { then } else { otherwise };`, on one line where it is short.
    /// Each side gives its last expression.
    pub(super) fn if_else(
        &mut self,
        prefix: &str,
        condition: &str,
        then: impl FnOnce(&mut Self) -> Code,
        otherwise: impl FnOnce(&mut Self) -> Code,
    ) {
        let start = self.mark();
        self.line(format!("{prefix}if {condition} {{"));
        let then = self.side(then);
        self.line("} else {");
        let otherwise = self.side(otherwise);
        self.line("};");
        let short = format!("if {condition} {{ {then} }} else {{ {otherwise} }}");
        if self.mark() == start + 5 && short.len() <= IF_ELSE {
            self.lines.truncate(start);
            self.line(format!("{prefix}{short};"));
        }
    }

    fn side(&mut self, write: impl FnOnce(&mut Self) -> Code) -> String {
        self.indented(|body| {
            let last = write(body);
            body.place("", &last, "");
            last.flat()
        })
    }

    /// Takes back the lines from a mark on, which bound no variable but one.
    pub(super) fn take_back(&mut self, mark: usize) {
        self.lines.truncate(mark);
        self.variables = self.variables.saturating_sub(1);
    }

    /// Names a comprehension's variable.
    pub(super) fn declare(&mut self, id: LocalId, name: String) {
        self.locals.insert(id, name);
    }

    /// A comprehension's variable, noted as used.
    pub(super) fn local(&mut self, id: LocalId) -> Piece {
        self.used.insert(id);
        match self.locals.get(&id) {
            Some(name) => Piece::borrowed(name.clone()),
            None => Piece::fresh("().into()"),
        }
    }

    /// The variable as its binding writes it: with `_` before it where nothing reads it.
    pub(super) fn binding(&self, id: LocalId) -> String {
        let name = self.locals.get(&id).map_or("unused", String::as_str);
        if self.used.contains(&id) {
            name.to_owned()
        } else {
            format!("_{name}")
        }
    }
}
