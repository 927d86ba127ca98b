//! Calls of functions and methods.
//!
//! Enters: a builtin with its laid out arguments, or a method that only the run can choose. Leaves:
//! a direct call of the implementation, or a call of the runtime's dispatcher. Must not know types.

use fmc_expr::builtins::Builtin;

use super::{body::Body, cut::FEW, piece::Piece, varying_text};
use crate::{
    codegen::{
        paths,
        rust::{Name, RustExpr},
    },
    ir::expr::Expr,
};

impl Body<'_> {
    /// A call of a builtin's implementation.
    pub(super) fn call(&mut self, builtin: &Builtin, slots: &[Option<Expr>]) -> Piece {
        if let Some(found) = self.search(builtin, slots) {
            let value = self.path(paths::VALUE);
            let bool = Name::within(value, "Bool");
            return Piece::fresh(RustExpr::Call(bool, vec![RustExpr::Name(found)]).word());
        }
        let slots = self.slots(slots);
        self.path(paths::BUILTINS);
        self.uses_regex |= builtin.path.starts_with(paths::REGEX);
        let cx = self.cx();
        Piece::fallible(Name::new(builtin.path), vec![cx, slots])
    }

    /// The slots of a call, as a slice.
    fn slots(&mut self, slots: &[Option<Expr>]) -> RustExpr {
        if slots.len() > FEW && self.is_wide(slots) {
            let filled = self.filled(slots, |body, slot| {
                let piece = slot.as_ref().map(|slot| body.emit(slot));
                RustExpr::option(piece.as_ref().map(Piece::owned))
            });
            return filled.borrowed();
        }
        let pieces = self.operands(slots.iter().flatten());
        let mut pieces = pieces.iter();
        let slots = slots.iter().map(|slot| {
            let piece = slot.as_ref().and_then(|_| pieces.next());
            RustExpr::option(piece.map(Piece::owned))
        });
        RustExpr::slice(slots.collect())
    }

    /// A call of a method by its name.
    pub(super) fn method_call(
        &mut self,
        name: &str,
        receiver: &Expr,
        args: &[Expr],
        kwargs: &[(String, Expr)],
    ) -> Piece {
        if args.len() + kwargs.len() > FEW && (self.is_wide(args) || self.is_wide(kwargs)) {
            return self.wide_method_call(name, receiver, args, kwargs);
        }
        let given = args.iter().chain(kwargs.iter().map(|(_, value)| value));
        let pieces = self.operands(std::iter::once(receiver).chain(given));
        let mut pieces = pieces.iter();
        let receiver = pieces.next().map(Piece::owned);
        let receiver = receiver.unwrap_or(RustExpr::Tuple(Vec::new()));
        let args = pieces.by_ref().take(args.len()).map(Piece::owned).collect();
        let kwargs = kwargs
            .iter()
            .zip(pieces)
            .map(|((name, _), piece)| {
                let name = RustExpr::text(name).read("to_owned");
                RustExpr::Tuple(vec![name, piece.owned()])
            })
            .collect();
        let arguments = [RustExpr::Vector(args), RustExpr::Vector(kwargs)];
        self.dispatched(name, receiver, arguments)
    }

    /// The same with very many arguments.
    fn wide_method_call(
        &mut self,
        name: &str,
        receiver: &Expr,
        args: &[Expr],
        kwargs: &[(String, Expr)],
    ) -> Piece {
        let receiver = self.emit(receiver);
        // It is evaluated before the arguments.
        let receiver = match receiver.has_effect() {
            true => self.bind(receiver),
            false => receiver,
        };
        let args = self.filled(args, |body, arg| body.emit(arg).owned());
        let kwargs = self.filled(kwargs, |body, (name, value)| {
            let value = body.emit(value).owned();
            RustExpr::Tuple(vec![varying_text(name).read("to_owned"), value])
        });
        self.dispatched(name, receiver.owned(), [args, kwargs])
    }

    /// A call of the runtime's dispatcher of methods.
    fn dispatched(
        &mut self,
        name: &str,
        receiver: RustExpr,
        [args, kwargs]: [RustExpr; 2],
    ) -> Piece {
        let builtins = self.path(paths::BUILTINS);
        let arguments = vec![self.cx(), RustExpr::text(name), receiver, args, kwargs];
        Piece::fallible(Name::within(builtins, "call_method"), arguments)
    }
}
