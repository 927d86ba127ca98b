//! Calls: functions, module functions, filters, methods.
//!
//! Enters: a callee and its arguments. Leaves: a call with one slot for each parameter, and its
//! type, or the findings FMC0304, 0305, 0306 and 0502. Must not know what the functions do.

use fmc_expr::{
    Value, ast,
    builtins::{self, Builtin, Kinds, Param, Passing, Presence, Returns, kinds_text, layout_with},
};

use super::{access::literal, expression::Typer, returns::returned};
use crate::{
    diagnostics::{Code, Diagnostic},
    ir::expr::{Expr, ExprKind},
    source::Span,
    types::Type,
};

impl Typer<'_, '_> {
    pub(super) fn call(
        &mut self,
        expr: &ast::Expr,
        callee: &ast::Expr,
        args: &[ast::Expr],
        kwargs: &[(ast::Ident, ast::Expr)],
    ) -> Expr {
        if let ast::ExprKind::Name(name) = &callee.kind {
            return match builtins::function(name) {
                Some(builtin) => self.function(expr, callee, builtin, args, kwargs),
                None => self.unknown_function(expr, callee, name, args, kwargs),
            };
        }
        if let ast::ExprKind::Member { base, name } = &callee.kind {
            return self.method(expr, callee, base, name, args, kwargs);
        }
        // A callee that could not be read has a finding already.
        if !matches!(callee.kind, ast::ExprKind::Error(_)) {
            self.error(
                Code::UnknownFunction,
                callee.span,
                "only functions and methods can be called",
            );
        }
        self.poison(expr.span)
    }

    /// Types the arguments even though the function is unknown, so that the names in them are
    /// checked.
    fn unknown_function(
        &mut self,
        expr: &ast::Expr,
        callee: &ast::Expr,
        name: &str,
        args: &[ast::Expr],
        kwargs: &[(ast::Ident, ast::Expr)],
    ) -> Expr {
        self.arguments(args, kwargs);
        let span = self.span(callee.span);
        let method = builtins::methods(name).next();
        let finding = Diagnostic::new(
            Code::UnknownFunction,
            span,
            format!("there is no function `{name}`"),
        );
        let known = || builtins::functions().map(|row| row.name);
        let otherwise = |finding: Diagnostic| match method {
            Some(_) => finding.help(format!("it is a method, called as `value.{name}(…)`")),
            None => finding.known("the functions are", known()),
        };
        self.report(finding.meant_or(name, known(), span, otherwise));
        self.poison(expr.span)
    }

    fn arguments(
        &mut self,
        args: &[ast::Expr],
        kwargs: &[(ast::Ident, ast::Expr)],
    ) -> (Vec<Expr>, Named) {
        let args = args.iter().map(|arg| self.expr(arg)).collect();
        let kwargs = kwargs
            .iter()
            .map(|(name, value)| (name.clone(), self.expr(value)))
            .collect();
        (args, kwargs)
    }

    fn function(
        &mut self,
        expr: &ast::Expr,
        callee: &ast::Expr,
        builtin: &'static Builtin,
        args: &[ast::Expr],
        kwargs: &[(ast::Ident, ast::Expr)],
    ) -> Expr {
        let outer = self.guarded;
        // `default(env.X, 'a')` has a replacement for null, so `env.X` may be unset.
        self.guarded |= builtin.name == "default";
        let (args, kwargs) = self.arguments(args, kwargs);
        self.guarded = outer;
        self.laid_out(expr, callee, builtin, None, args, kwargs)
    }

    fn laid_out(
        &mut self,
        expr: &ast::Expr,
        callee: &ast::Expr,
        builtin: &'static Builtin,
        receiver: Option<Expr>,
        args: Vec<Expr>,
        kwargs: Named,
    ) -> Expr {
        // Found before `layout_with` takes the arguments apart; it only says what is wrong, not
        // where.
        let guilty = guilty(builtin, &args, &kwargs);
        let kwargs = unplaced(kwargs);
        let whole = self.span(expr.span);
        let object = |entries: Vec<(String, Expr)>| {
            let key = |name: String, span| Expr {
                kind: ExprKind::Literal(Value::from(name)),
                span,
                ty: Type::STR,
            };
            let entries = entries
                .into_iter()
                .map(|(name, value)| (key(name, value.span), value))
                .collect();
            Expr {
                kind: ExprKind::Dict(entries),
                span: whole,
                ty: Type::open(),
            }
        };
        // The expression crate lays out the arguments, so that checker, interpreter and generated
        // code agree.
        let slots = match layout_with(builtin, receiver, args, kwargs, object) {
            Ok(slots) => slots,
            Err(message) => {
                let finding = match guilty {
                    Some(Guilty::Extra(span)) => {
                        Diagnostic::new(Code::WrongArguments, span, message)
                    }
                    Some(Guilty::Named(name)) => self.unknown_argument(builtin, &name, message),
                    None => Diagnostic::new(Code::WrongArguments, self.span(callee.span), message),
                };
                self.report(finding.help(format!("`{}`", signature(builtin))));
                return self.poison(expr.span);
            }
        };
        let fits = self.check_arguments(builtin, &slots);
        let ty = if fits {
            returned(builtin, &slots)
        } else {
            Type::Error
        };
        self.typed(expr, ExprKind::Call(builtin, slots), ty)
    }

    fn unknown_argument(
        &self,
        builtin: &Builtin,
        name: &ast::Ident,
        message: String,
    ) -> Diagnostic {
        let span = self.span(name.span);
        let finding = Diagnostic::new(Code::WrongArguments, span, message);
        let known = builtin.params.iter().map(|param| param.name);
        // A parameter that is given twice is not misspelt.
        if known.clone().any(|known| known == name.name) {
            return finding;
        }
        finding.meant(&name.name, known, span)
    }

    fn check_arguments(&mut self, builtin: &Builtin, slots: &[Option<Expr>]) -> bool {
        let first = usize::from(builtin.receiver.is_some());
        let fixed = builtin
            .params
            .iter()
            .filter(|param| param.presence != Presence::Variadic);
        let mut fits = true;
        for (param, slot) in fixed.zip(slots.iter().skip(first)) {
            let Some(argument) = slot else { continue };
            let Some((takes, found)) = misfit(param, argument) else {
                continue;
            };
            fits = false;
            let message = format!(
                "`{}` takes `{takes}` as `{}`, found `{found}`",
                builtin.name, param.name,
            );
            self.report(
                Diagnostic::new(Code::ArgumentType, argument.span, message)
                    .help(format!("`{}`", signature(builtin))),
            );
        }
        // `min` and `max` return one of their arguments and therefore compare them.
        if matches!(builtin.returns, Returns::OneOf) {
            fits &= self.have_order(builtin, slots);
        }
        fits
    }

    /// Whether values of the compared types can be ordered.
    fn have_order(&mut self, builtin: &Builtin, slots: &[Option<Expr>]) -> bool {
        let mut values = slots.iter().skip(1).flatten();
        // The values are compared with the first one; when its type is unknown, nothing can be
        // said.
        let Some(first) = values.next().filter(|first| !first.ty.is_loose()) else {
            return true;
        };
        let ordered = |ty: &Type| {
            let (a, b) = (first.ty.kinds(), ty.kinds());
            [Kinds::NUMBER, Kinds::STR, Kinds::LIST]
                .iter()
                .any(|kinds| a.overlaps(*kinds) && b.overlaps(*kinds))
        };
        let Some(odd) = values.find(|value| !value.ty.is_loose() && !ordered(&value.ty)) else {
            return true;
        };
        let message = format!("`{}` and `{}` have no order", first.ty, odd.ty);
        self.report(
            Diagnostic::new(Code::ArgumentType, odd.span, message)
                .related(first.span, format!("this is `{}`", first.ty))
                .help(format!("`{}`", signature(builtin))),
        );
        false
    }

    fn method(
        &mut self,
        expr: &ast::Expr,
        callee: &ast::Expr,
        base: &ast::Expr,
        name: &ast::Ident,
        args: &[ast::Expr],
        kwargs: &[(ast::Ident, ast::Expr)],
    ) -> Expr {
        if let ast::ExprKind::Name(module) = &base.kind
            && builtins::MODULES.contains(&module.as_str())
            && !self.is_local(module)
        {
            return self.module_function(expr, callee, module, name, args, kwargs);
        }
        let receiver = self.receiver(base, name, args);
        let outer = self.guarded;
        // `x.get('k', env.D)`: a default may be null without harm.
        self.guarded |= name.name == "get";
        let written = args;
        let (args, kwargs) = self.arguments(args, kwargs);
        self.guarded = outer;
        if receiver.ty == Type::Error || name.name.is_empty() {
            return self.poison(expr.span);
        }
        let kinds = receiver.ty.kinds();
        let candidates: Vec<&'static Builtin> = builtins::methods(&name.name)
            .filter(|row| row.receiver.is_some_and(|takes| takes.overlaps(kinds)))
            .collect();
        match candidates.as_slice() {
            [] => {
                self.unknown_method(&receiver, name);
                self.poison(expr.span)
            }
            // Every alternative of the receiver has this one method, so it is chosen at compile
            // time.
            [only] if only.receiver.is_some_and(|takes| takes.contains(kinds)) => {
                let found = match name.name.as_str() {
                    "get" => self.looked_up(&receiver, base, written, &args),
                    _ => None,
                };
                let mut call = self.laid_out(expr, callee, only, Some(receiver), args, kwargs);
                if let (Some(found), false) = (found, call.ty == Type::Error) {
                    call.ty = found;
                }
                call
            }
            // Only the run knows the type of the receiver, so the method is looked up by name then.
            several => {
                let kind = ExprKind::MethodCall {
                    name: name.name.clone(),
                    receiver: Box::new(receiver),
                    args,
                    kwargs: unplaced(kwargs),
                };
                self.typed(expr, kind, any_returned(several))
            }
        }
    }

    /// The type of `get` with a literal key: that of the field, or that of the default. `get` asks
    /// for what may be missing; a field that can never be there is a mistake all the same.
    fn looked_up(
        &mut self,
        receiver: &Expr,
        base: &ast::Expr,
        written: &[ast::Expr],
        args: &[Expr],
    ) -> Option<Type> {
        let (key, span) = literal(written.first()?).filter(|(key, _)| !key.is_empty())?;
        let found = match receiver.ty.member(key) {
            Some(found) => found,
            None => self.field_type(receiver, base, key, span),
        };
        Some(match args.get(1) {
            Some(default) => found.or(default.ty.clone()),
            None => found,
        })
    }

    /// Types the receiver. `upstream.x.get('body')` is recorded as reading one field, not the whole
    /// output.
    fn receiver(&mut self, base: &ast::Expr, name: &ast::Ident, args: &[ast::Expr]) -> Expr {
        let field = args.first().filter(|_| name.name == "get");
        let field = field.and_then(literal);
        match (self.stage_output(base), field) {
            (Some(stage), field) => {
                self.note_read(&stage, field);
                stage
            }
            (None, _) => self.expr(base),
        }
    }

    fn module_function(
        &mut self,
        expr: &ast::Expr,
        callee: &ast::Expr,
        module: &str,
        name: &ast::Ident,
        args: &[ast::Expr],
        kwargs: &[(ast::Ident, ast::Expr)],
    ) -> Expr {
        let full = format!("{module}.{}", name.name);
        if let Some(builtin) = builtins::function(&full) {
            return self.function(expr, callee, builtin, args, kwargs);
        }
        self.arguments(args, kwargs);
        let prefix = format!("{module}.");
        let known: Vec<&str> = builtins::functions()
            .filter_map(|row| row.name.strip_prefix(prefix.as_str()))
            .collect();
        let known = known.iter().copied();
        let span = self.span(name.span);
        let finding = Diagnostic::new(
            Code::UnknownFunction,
            span,
            format!("`{module}` has no function `{}`", name.name),
        );
        let list = |finding: Diagnostic| finding.known("its functions are", known.clone());
        self.report(finding.meant_or(&name.name, known.clone(), span, list));
        self.poison(expr.span)
    }

    fn unknown_method(&mut self, receiver: &Expr, name: &ast::Ident) {
        let span = self.span(name.span);
        let method = &name.name;
        let kinds = receiver.ty.kinds();
        let mut known: Vec<&str> = builtins::all()
            .filter(|row| row.receiver.is_some_and(|takes| takes.overlaps(kinds)))
            .map(|row| row.name)
            .collect();
        known.dedup();
        let what = if receiver.ty == Type::Any {
            "no type".to_owned()
        } else {
            format!("`{}`", receiver.ty)
        };
        let verb = if receiver.ty == Type::Any {
            "has a method"
        } else {
            "has no method"
        };
        let finding = Diagnostic::new(
            Code::UnknownMethod,
            span,
            format!("{what} {verb} `{method}`"),
        );
        let known = known.iter().copied();
        let otherwise = |finding: Diagnostic| match builtins::function(method) {
            Some(_) => finding.help(format!("it is a function, called as `{method}(…)`")),
            None => finding.known("its methods are", known.clone()),
        };
        self.report(finding.meant_or(method, known.clone(), span, otherwise));
    }
}

/// Arguments by name.
type Named = Vec<(ast::Ident, Expr)>;

/// The type of a method call when only the run knows which type's method it is.
fn any_returned(methods: &[&'static Builtin]) -> Type {
    match methods {
        // Only one type has a method with this name, so the type of the result is known.
        [only] if matches!(only.returns, Returns::Kinds(_) | Returns::ListOf(_)) => {
            returned(only, &[])
        }
        _ => Type::Any,
    }
}

fn unplaced(named: Named) -> Vec<(String, Expr)> {
    let plain = named.into_iter();
    plain.map(|(name, value)| (name.name, value)).collect()
}

/// The argument that a call cannot take.
enum Guilty {
    Extra(Span),
    Named(ast::Ident),
}

/// The first argument that has no parameter, if there is one.
fn guilty(builtin: &Builtin, args: &[Expr], named: &Named) -> Option<Guilty> {
    let has = |presence: Presence| {
        builtin
            .params
            .iter()
            .any(|param| param.presence == presence)
    };
    // Parameters that an argument can fill by its position.
    let by_place = builtin
        .params
        .iter()
        .filter(|param| param.passing != Passing::Keyword);
    if let Some(extra) = args.get(by_place.clone().count())
        && !has(Presence::Variadic)
    {
        return Some(Guilty::Extra(extra.span));
    }
    // Given twice: by position and by name.
    let taken = |name: &ast::Ident| {
        let at = by_place.clone().position(|param| param.name == name.name);
        at.is_some_and(|at| at < args.len())
    };
    let known = |name: &ast::Ident| {
        let mut params = builtin.params.iter();
        params.any(|param| param.name == name.name && param.passing != Passing::Positional)
    };
    let mut names = named.iter().map(|(name, _)| name);
    let wrong = names.find(|name| taken(name) || !known(name) && !has(Presence::Keywords));
    wrong.cloned().map(Guilty::Named)
}

/// What a parameter takes and what it was given instead, when its argument does not fit.
fn misfit(param: &Param, argument: &Expr) -> Option<(String, String)> {
    if argument.ty.is_loose() {
        return None;
    }
    if !param.kinds.overlaps(argument.ty.kinds()) {
        return Some((kinds_text(param.kinds), argument.ty.to_string()));
    }
    // A list of the wrong elements, like `sum(['a'])`.
    let element = argument.ty.element();
    let wrong = !element.is_loose() && !param.elements.overlaps(element.kinds());
    wrong.then(|| {
        let takes = format!("list<{}>", kinds_text(param.elements));
        (takes, argument.ty.to_string())
    })
}

/// `replace(old, new, count=…)`
fn signature(builtin: &Builtin) -> String {
    let params: Vec<String> = builtin
        .params
        .iter()
        .map(|param| match param.presence {
            Presence::Required => param.name.to_owned(),
            Presence::Optional => format!("{}=…", param.name),
            Presence::Variadic => format!("*{}", param.name),
            Presence::Keywords => format!("**{}", param.name),
        })
        .collect();
    format!("{}({})", builtin.name, params.join(", "))
}
