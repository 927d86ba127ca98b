//! The printer: for any tree, the layout is valid Rust and changes only whitespace.

use proptest::prelude::*;

use crate::codegen::{
    print,
    rust::{
        Block, Branch, Comment, Function, Item, Literal, Name, Parameter, RustExpr, RustType, Stmt,
    },
};

fn name() -> impl Strategy<Value = Name> {
    prop::sample::select(vec![
        "a",
        "some_value",
        "ops::add",
        "a_rather_long_name_of_a_function",
    ])
    .prop_map(Name::new)
}

/// Literals without whitespace and commas, so that these can be removed when comparing.
fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        "[a-zé\"\\\\]{0,90}".prop_map(|text| Literal::text(&text)),
        any::<i64>().prop_map(Literal::int),
        any::<u32>().prop_map(Literal::count),
        any::<bool>().prop_map(Literal::bool),
    ]
}

fn leaf() -> impl Strategy<Value = RustExpr> {
    prop_oneof![
        name().prop_map(RustExpr::Name),
        literal().prop_map(RustExpr::Literal),
        Just(RustExpr::name("v0").read("clone")),
    ]
}

/// Any expression; struct literals, which are not allowed in a condition, only if `structs` is set.
fn code(structs: bool) -> impl Strategy<Value = RustExpr> {
    leaf().prop_recursive(5, 48, 5, move |inner| {
        let some = || prop::collection::vec(inner.clone(), 0..5);
        let two = || (inner.clone(), inner.clone());
        let field = prop::sample::select(vec!["text", "run", "status_observed"]);
        let fields = prop::collection::vec((field, inner.clone()), 0..4);
        let call = || (name(), some()).prop_map(|(name, args)| RustExpr::Call(name, args));
        prop_oneof![
            4 => call(),
            1 => some().prop_map(|args| RustExpr::Method(Box::new(RustExpr::name("s")), "push", args)),
            1 => two().prop_map(|(a, b)| RustExpr::Tuple(vec![a, b])),
            1 => some().prop_map(RustExpr::Array),
            1 => some().prop_map(RustExpr::Vector),
            1 => some().prop_map(RustExpr::slice),
            1 => (name(), fields).prop_map(move |(name, fields)| match structs {
                true => RustExpr::Struct(name, fields),
                false => RustExpr::Array(fields.into_iter().map(|(_, value)| value).collect()),
            }),
            1 => call().prop_map(RustExpr::borrowed),
            1 => call().prop_map(RustExpr::tried),
            1 => call().prop_map(RustExpr::opposite),
            1 => two().prop_map(|(a, b)| RustExpr::And(Box::new(a), Box::new(b)).word()),
            1 => two().prop_map(|(a, b)| RustExpr::Or(Box::new(a), Box::new(b)).word()),
        ]
    })
}

fn block() -> impl Strategy<Value = Block> {
    let simple = prop_oneof![
        (name_of_variable(), code(true)).prop_map(|(name, code)| Stmt::Let(name, code)),
        (name_of_variable(), code(true)).prop_map(|(name, code)| Stmt::LetMut(name, code)),
        (name_of_variable(), code(true)).prop_map(|(name, code)| Stmt::Assign(name, code)),
        code(false).prop_map(Stmt::Do),
        code(true).prop_map(Stmt::Return),
        Just(Stmt::Continue),
        Just(Stmt::Break(None)),
        prop::collection::vec(name_of_variable(), 1..6)
            .prop_map(|names| Stmt::Unpack(names, Name::new("v1"))),
    ];
    let simple = prop::collection::vec(simple, 1..4);
    simple.prop_recursive(3, 24, 3, |inner| {
        let branch = (code(false), inner.clone(), prop::option::of(inner.clone())).prop_map(
            |(condition, then, otherwise)| Branch {
                condition,
                then,
                otherwise,
            },
        );
        let value = (code(false), code(false), code(false)).prop_map(|(condition, a, b)| {
            Stmt::LetIf(
                Name::new("v2"),
                Branch {
                    condition,
                    then: vec![Stmt::Value(a)],
                    otherwise: Some(vec![Stmt::Value(b)]),
                },
            )
        });
        let looped =
            (any::<bool>(), code(false), inner).prop_map(|(label, items, body)| Stmt::For {
                label: label.then(|| Name::new("outer")),
                item: Name::new("x_0"),
                items,
                body,
            });
        prop::collection::vec(prop_oneof![branch.prop_map(Stmt::If), value, looped], 1..3)
    })
}

fn name_of_variable() -> impl Strategy<Value = Name> {
    (0..20_usize).prop_map(|number| Name::numbered("a_variable_", number))
}

fn function(body: Block) -> Item {
    Item::Function(Function {
        about: Some(Comment::new("What it does.")),
        name: Name::new("f"),
        parameters: vec![Parameter::new(
            "s",
            false,
            RustType::new("Scope").borrowed(),
        )],
        result: RustType::new("Value"),
        body,
    })
}

/// The text without whitespace and without commas before a closing bracket.
fn squeezed(text: &str) -> String {
    let mut out: String = text.split_whitespace().collect();
    for close in [")", "]", "}"] {
        out = out.replace(&format!(",{close}"), close);
    }
    out
}

proptest! {
    #[test]
    fn a_layout_is_the_one_line_in_other_words(value in code(true)) {
        let item = Item::Static(Name::new("S"), RustType::new("T"), value.clone());
        let text = print::items(&[item]);
        prop_assert!(syn::parse_file(&text).is_ok(), "{}", text);
        let line = format!("static S: T = {value};");
        prop_assert_eq!(squeezed(&text), squeezed(&line), "{}", text);
    }

    #[test]
    fn statements_are_rust_indented_by_their_depth(body in block()) {
        let text = print::items(&[function(body.clone())]);
        prop_assert!(syn::parse_file(&text).is_ok(), "{}", text);
        prop_assert_eq!(&text, &print::items(&[function(body)]));
        let mut depth = 0;
        for line in text.lines() {
            let line = (line.trim_start(), line.len() - line.trim_start().len());
            if line.0.starts_with(['}', ')', ']']) {
                depth -= 1;
            }
            // A value after `=` may be indented one more level although no bracket was opened.
            prop_assert!(line.1 == depth * 4 || line.1 == depth * 4 + 4, "{}", text);
            if line.0.ends_with(['{', '(', '[']) {
                depth += 1;
            }
        }
        prop_assert_eq!(depth, 0);
    }
}

/// Each kind of statement once, so that a change of its layout shows in the snapshot.
#[test]
fn every_statement() {
    let name = Name::new;
    let wide = || {
        RustExpr::call(
            "ops::a_function_with_a_long_name",
            vec![RustExpr::name("an_argument"); 4],
        )
    };
    let branch = |then: RustExpr, otherwise: RustExpr| Branch {
        condition: RustExpr::name("found"),
        then: vec![Stmt::Value(then)],
        otherwise: Some(vec![Stmt::Value(otherwise)]),
    };
    let body = vec![
        Stmt::Let(name("v0"), wide().tried()),
        Stmt::LetMut(name("v1"), RustExpr::call("Vec::new", vec![])),
        Stmt::LetIf(
            name("v2"),
            branch(RustExpr::name("v0"), RustExpr::name("v1")),
        ),
        Stmt::LetIf(name("v3"), branch(RustExpr::name("v0"), wide())),
        Stmt::For {
            label: Some(name("outer")),
            item: name("x"),
            items: RustExpr::name("v1").borrowed(),
            body: vec![
                Stmt::Unpack(vec![name("a"), name("_b")], name("x")),
                Stmt::Unpack(vec![name("a_long_name"), name("another")], name("x")),
                Stmt::If(Branch::only(RustExpr::name("a").opposite(), Stmt::Continue)),
                Stmt::Assign(name("v2"), RustExpr::bool(true)),
                Stmt::Do(wide().tried()),
                Stmt::Break(Some(name("outer"))),
            ],
        },
        Stmt::If(Branch::only(RustExpr::name("v2"), Stmt::Return(wide()))),
        Stmt::If(branch(RustExpr::name("v3"), wide())),
    ];
    let text = print::items(&[function(body)]);
    super::assert_formatted(&format!("{text}\n"));
    insta::assert_snapshot!(text);
}
