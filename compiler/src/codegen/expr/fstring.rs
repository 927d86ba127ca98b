//! f-strings.
//!
//! Enters: text, and expressions with conversions and format specifications. Leaves: one call that
//! joins them. Must not know where the value goes.

use super::{body::Body, piece::Piece};
use crate::{
    codegen::{
        constants, paths,
        rust::{Literal, Name, RustExpr},
    },
    ir::expr::FPart,
};

impl Body<'_> {
    /// The value of an f-string.
    pub(super) fn fstring(&mut self, parts: &[FPart]) -> Piece {
        if self.is_wide(parts) {
            let parts = self.filled(parts, |body, part| body.field(part).owned());
            let (text, cx) = (self.path(paths::TEXT), self.cx());
            let arguments = vec![cx, parts.borrowed()];
            return Piece::fallible(Name::within(text, "join"), arguments);
        }
        let mut pieces = Vec::new();
        for part in parts {
            let (piece, stmts) = self.apart(|body| body.field(part));
            self.settle(&mut pieces, stmts);
            pieces.push(piece);
        }
        self.fit(&mut pieces);
        let parts = pieces.iter().map(Piece::owned).collect();
        let (text, cx) = (self.path(paths::TEXT), self.cx());
        Piece::fallible(Name::within(text, "join"), vec![cx, RustExpr::slice(parts)])
    }

    fn field(&mut self, part: &FPart) -> Piece {
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
                let (spec, stmts) = self.apart(|body| body.specification(spec));
                let mut value = [value];
                self.settle(&mut value, stmts);
                let conversion = conversion.map(Literal::character).map(RustExpr::Literal);
                let conversion = RustExpr::option(conversion).word();
                let value = value.iter().map(Piece::reference);
                let arguments = [self.cx()]
                    .into_iter()
                    .chain(value)
                    .chain([conversion, spec])
                    .collect();
                let format = self.path(paths::FORMAT);
                Piece::fallible(Name::within(format, "field"), arguments)
            }
        }
    }

    /// A format specification as a `&str`.
    fn specification(&mut self, spec: &[FPart]) -> RustExpr {
        match spec {
            [] => RustExpr::text(""),
            [FPart::Text(text)] => RustExpr::text(text),
            parts => {
                let spec = self.fstring(parts);
                let spec = self.bind(spec);
                let text = self.path(paths::TEXT);
                RustExpr::Call(Name::within(text, "text"), vec![spec.reference()]).borrowed()
            }
        }
    }

    fn literal_text(&mut self, text: &str) -> Piece {
        let (imports, _) = self.tables();
        Piece::fresh(constants::text(text, imports))
    }
}
