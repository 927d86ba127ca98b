//! Calls of functions and methods.
//!
//! Enters: a row of the builtin table with laid-out arguments, or a method whose receiver
//! decides at run time. Leaves: a direct call of the implementation, or of the dispatcher.

use fmc_expr::builtins::Builtin;

use super::body::{Body, Piece};
use crate::{
    codegen::{layout::Code, literal, paths},
    ir::expr::Expr,
};

impl Body<'_> {
    /// A builtin called by its implementation.
    pub(super) fn call(&mut self, builtin: &Builtin, slots: &[Option<Expr>]) -> Piece {
        if let Some(found) = self.search(builtin, slots) {
            let value = self.path(paths::VALUE);
            return Piece::fresh(format!("{value}::Bool({found})"));
        }
        let pieces = self.operands(slots.iter().flatten());
        let mut pieces = pieces.iter();
        let slots = slots
            .iter()
            .map(|slot| match slot.as_ref().and_then(|_| pieces.next()) {
                Some(piece) => Code::call("Some", vec![piece.owned()]),
                None => Code::atom("None"),
            })
            .collect();
        self.path(paths::BUILTINS);
        self.uses_regex |= builtin.path.starts_with(paths::REGEX);
        let cx = Code::atom(self.cx());
        Piece::fallible(builtin.path, vec![cx, Code::Array("&", slots)])
    }

    /// A method called by its name.
    pub(super) fn method_call(
        &mut self,
        name: &str,
        receiver: &Expr,
        args: &[Expr],
        kwargs: &[(String, Expr)],
    ) -> Piece {
        let given = args.iter().chain(kwargs.iter().map(|(_, value)| value));
        let pieces = self.operands(std::iter::once(receiver).chain(given));
        let mut pieces = pieces.iter();
        let receiver = pieces.next().map_or_else(|| Code::atom("()"), Piece::owned);
        let args = pieces.by_ref().take(args.len()).map(Piece::owned).collect();
        let kwargs = kwargs
            .iter()
            .zip(pieces)
            .map(|((name, _), piece)| {
                let name = format!("{}.to_owned()", literal::string(name));
                Code::tuple(vec![Code::atom(name), piece.owned()])
            })
            .collect();
        let builtins = self.path(paths::BUILTINS);
        let arguments = vec![
            Code::atom(self.cx()),
            Code::atom(literal::string(name)),
            receiver,
            Code::Array("vec!", args),
            Code::Array("vec!", kwargs),
        ];
        Piece::fallible(format!("{builtins}::call_method"), arguments)
    }
}
