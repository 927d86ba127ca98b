//! Types in words.
//!
//! Enters: a type of any size. Leaves: text short enough for a message: deep parts are named by
//! their kind only, and late ones are counted. `{:#}` shows everything. Must not know messages.

use std::fmt::{self, Write};

use super::{ObjectType, Type};

/// How much of a type is shown.
#[derive(Clone, Copy)]
struct Limits {
    /// The depth to which fields and elements are shown.
    depth: usize,
    /// After this many bytes, further fields are only counted and nested types are not opened.
    length: usize,
    /// A longer literal is shown as `string`.
    literals: usize,
}

/// The limits for messages.
const SHORT: Limits = Limits {
    depth: 3,
    length: 120,
    literals: 80,
};

/// The limits for `{:#}`: none.
const WHOLE: Limits = Limits {
    depth: usize::MAX,
    length: usize::MAX,
    literals: usize::MAX,
};

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limits = if f.alternate() { WHOLE } else { SHORT };
        let mut out = String::new();
        limits.write(&mut out, self, 0)?;
        f.write_str(&out)
    }
}

impl Limits {
    fn write(self, out: &mut String, ty: &Type, depth: usize) -> fmt::Result {
        let whole = depth < self.depth && out.len() < self.length;
        match ty {
            Type::Any => out.write_str("any"),
            Type::Null => out.write_str("null"),
            Type::Bool => out.write_str("bool"),
            Type::Int => out.write_str("int"),
            Type::Float => out.write_str("float"),
            Type::Str(Some(literals)) if literals.len() <= 4 => {
                let shown: Vec<_> = literals.iter().map(|text| format!("\"{text}\"")).collect();
                let shown = shown.join(", ");
                if shown.len() <= self.literals {
                    write!(out, "string ({shown})")
                } else {
                    out.write_str("string")
                }
            }
            Type::Str(_) => out.write_str("string"),
            Type::List(element) if whole => {
                out.write_str("list<")?;
                self.write(out, element, depth + 1)?;
                out.write_char('>')
            }
            Type::List(_) => out.write_str("list<…>"),
            Type::Object(object) if whole => self.fields(out, object, depth),
            Type::Object(_) => out.write_str("object{…}"),
            Type::Union(members) => self.union(out, members, depth),
            Type::Error => out.write_str("unknown"),
        }
    }

    fn union(self, out: &mut String, members: &[Type], depth: usize) -> fmt::Result {
        for (at, member) in members.iter().enumerate() {
            if at > 0 {
                out.write_str(" | ")?;
            }
            if at > 0 && out.len() >= self.length {
                return write!(out, "{} more", members.len() - at);
            }
            self.write(out, member, depth)?;
        }
        Ok(())
    }

    fn fields(self, out: &mut String, object: &ObjectType, depth: usize) -> fmt::Result {
        out.write_str("object{")?;
        let mut separator = "";
        for (at, (name, field)) in object.fields.iter().enumerate() {
            out.write_str(separator)?;
            separator = ", ";
            if at > 0 && out.len() >= self.length {
                write!(out, "{} more", object.fields.len() - at)?;
                break;
            }
            write!(out, "{name}{}: ", if field.optional { "?" } else { "" })?;
            self.write(out, &field.ty, depth + 1)?;
        }
        match &object.rest {
            Some(Type::Any) => write!(out, "{separator}…")?,
            Some(rest) => {
                write!(out, "{separator}…: ")?;
                self.write(out, rest, depth + 1)?;
            }
            None => {}
        }
        out.write_char('}')
    }
}

#[cfg(test)]
mod tests {
    use super::Type;

    fn closed(fields: &[(&str, Type)]) -> Type {
        let fields = fields.iter().cloned();
        Type::closed(fields.map(|(name, ty)| (name.to_owned(), ty)))
    }

    #[test]
    fn small_types_are_shown_whole() {
        let inner = closed(&[("b", Type::list(Type::Int)), ("c", Type::literal("x"))]);
        let ty = closed(&[("a", inner)]).or(Type::Null);
        let shown = "object{a: object{b: list<int>, c: string (\"x\")}} | null";
        assert_eq!(ty.to_string(), shown);
        assert_eq!(Type::open().to_string(), "object{…}");
    }

    #[test]
    fn depth_and_length_are_cut() {
        let mut deep = Type::Int;
        for _ in 0..5 {
            deep = closed(&[("a", deep)]);
        }
        assert_eq!(
            deep.to_string(),
            "object{a: object{a: object{a: object{…}}}}"
        );
        assert!(format!("{deep:#}").ends_with("{a: int}}}}}"));
        let names: Vec<String> = (0..90).map(|at| format!("field{at}")).collect();
        let wide: Vec<(&str, Type)> = names.iter().map(|name| (&**name, deep.clone())).collect();
        let shown = closed(&wide).to_string();
        assert!(shown.len() < 200, "{shown}");
        assert!(shown.ends_with("87 more}"), "{shown}");
    }

    #[test]
    fn types_that_double_at_each_stage_stay_small() {
        let chain = || {
            let mut ty = closed(&[("z", Type::Int)]);
            for _ in 0..200 {
                ty = closed(&[("a", ty.clone()), ("b", ty)]);
            }
            ty
        };
        let (one, other) = (chain(), chain());
        assert!(one == other);
        assert!(one.clone().or(other).to_string().len() < 300);
        let nested = (0..100_000).fold(Type::Int, |ty, _| Type::list(closed(&[("a", ty)])));
        assert!(nested.member("a").is_none());
    }
}
