//! f-strings.
//!
//! Enters: text and expressions with conversions and format specifications. Leaves: one join.

use super::body::{Body, Piece};
use crate::{
    codegen::{layout::Code, literal, paths},
    ir::expr::FPart,
};

impl Body<'_> {
    /// An f-string's value.
    pub(super) fn fstring(&mut self, parts: &[FPart]) -> Piece {
        let mut pieces = Vec::new();
        for part in parts {
            let mark = self.mark();
            let piece = self.part(part);
            self.settle(&mut pieces, mark);
            pieces.push(piece);
        }
        self.fit(&mut pieces);
        let parts = pieces.iter().map(Piece::owned).collect();
        let (text, cx) = (self.path(paths::TEXT), self.cx());
        Piece::fallible(
            format!("{text}::join"),
            vec![Code::atom(cx), Code::Array("&", parts)],
        )
    }

    fn part(&mut self, part: &FPart) -> Piece {
        match part {
            FPart::Text(text) => self.literal_text(text),
            FPart::Expr {
                expr,
                conversion: None,
                spec,
            } if spec.is_empty() => self.emit(expr),
            FPart::Expr {
                expr,
                conversion,
                spec,
            } => {
                let value = self.emit(expr);
                let mark = self.mark();
                let spec = self.specification(spec);
                let mut value = [value];
                self.settle(&mut value, mark);
                let conversion = match conversion {
                    Some(letter) => Code::atom(format!("Some({letter:?})")),
                    None => Code::atom("None"),
                };
                let value = value.iter().map(Piece::reference);
                let arguments = [Code::atom(self.cx())]
                    .into_iter()
                    .chain(value)
                    .chain([conversion, spec])
                    .collect();
                let format = self.path(paths::FORMAT);
                let text = Code::call(format!("{format}::format_value"), arguments).tried();
                let value = self.path(paths::VALUE);
                Piece::built(Code::call(format!("{value}::from"), vec![text]), true)
            }
        }
    }

    /// A format specification as a `&str`.
    fn specification(&mut self, spec: &[FPart]) -> Code {
        match spec {
            [] => Code::atom("\"\""),
            [FPart::Text(text)] => Code::atom(literal::string(text)),
            parts => {
                let spec = self.fstring(parts);
                let spec = self.bind(spec);
                let text = self.path(paths::TEXT);
                Code::call(format!("&{text}::text"), vec![spec.reference()])
            }
        }
    }

    fn literal_text(&mut self, text: &str) -> Piece {
        let render = self.path(paths::RENDER);
        Piece::fresh(format!("{render}::text({})", literal::string(text)))
    }
}
