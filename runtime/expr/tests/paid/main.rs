//! What an evaluation takes is paid for: the memory that it really holds is charged, and its time is
//! bounded by its steps. Known costly expressions, and a small search for others.
//! (`tests/fuzz/hunt` searches for longer.)
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

use std::time::{Duration, Instant};

use fmc_expr::{Cx, Value, builtins, cx::MAX_ALIVE, interp, parse};
use fmc_test_expressions::{
    Random,
    costly::{Parts, Tree},
};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What an evaluation may hold without a charge: its tree, compiled patterns, tables.
const BESIDE: u64 = 8 << 20;
/// A step takes 20 to 100 nanoseconds in a release build. This only finds what is not paid at all.
const STEP: Duration = Duration::from_micros(2);
/// What an evaluation may take without a step, on a busy machine.
const ALWAYS: Duration = Duration::from_secs(60);
/// How many expressions the search tries, and how many of the widest it keeps.
const TRIED: usize = 150;
const KEPT: usize = 12;

/// Each of these held more than was charged, or took longer than its steps.
const KNOWN: &[&str] = &[
    "len(range(2000000))",
    "len([i for i in range(1000000)])",
    "len({i for i in range(300000)})",
    "len({str(i): i for i in range(200000)})",
    "len(('a,' * 900000).split(','))",
    "len(flatten([[0] * 1000] * 1000))",
    "len(sum([[0] * 1000] * 1000, []))",
    "len(re.findall('a', 'a' * 500000))",
    "len(re.sub('a', 'bc', 'a' * 500000))",
    "len(re.findall('a$', 'a' * 20000000 + '\\n'))",
    "len('{}{}'.format('a' * 20000000, 'b' * 20000000))",
    "len(f\"{'a' * 30000000:10}\")",
    "len(f\"{'a' * 30000000!s:.20000000}\")",
    "len(tojson(['a' * 20000000, 'b' * 20000000]))",
    "len(tojson('\\x01' * 10000000))",
    "len(fromjson('[' + '0,' * 2000000 + '-0]'))",
    "len(fromjson('{' + ','.join(f'\"{i}\":0' for i in range(100000)) + '}'))",
    "len(('é' * 2000000 + 'a' * 2000000)[::-1])",
    "len(base64_decode('YWFh' * 5000000))",
    "len(urlencode('é' * 5000000))",
    "len(format_date(0, '%A' * 500000))",
    "len(sorted(range(400000), reverse=True))",
    "len(('Σ' * 5000000).title())",
];

fn names() -> interp::Names {
    let data = r#"{"rows": [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}], "text": "abc abc"}"#;
    interp::Names::from([(
        "data".to_owned(),
        Value::from_json(data.as_bytes()).unwrap(),
    )])
}

/// Evaluates an expression, and gives the bytes that it was charged. `None` when it is none.
fn paid(text: &str, names: &interp::Names) -> Option<u64> {
    let parsed = parse::parse(text);
    if !parsed.errors.is_empty() {
        return None;
    }
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let (start, cx) = (Instant::now(), Cx::new());
    drop(interp::eval(&parsed.expr, names, &cx));
    let (time, held) = (start.elapsed(), MEMORY.peak_usage().saturating_sub(before));

    let (held, charged) = (held as u64, cx.most_alive());
    assert!(charged <= MAX_ALIVE, "{text:.300}");
    assert!(
        held <= charged + BESIDE,
        "{held} bytes are held and {charged} are charged: {text:.300}"
    );
    let most = ALWAYS + STEP * u32::try_from(cx.spent()).unwrap_or(u32::MAX);
    assert!(time < most, "{time:?}, {} steps: {text:.300}", cx.spent());
    Some(charged)
}

#[test]
fn memory_and_time_are_paid_for() {
    let names = names();
    for text in KNOWN {
        assert!(paid(text, &names).is_some(), "{text}");
    }
    let parts = Parts::new(builtins::all().map(|builtin| {
        let is_method = builtin.receiver.is_some();
        (is_method, builtin.name, builtin.params.len())
    }));
    let mut random = Random::new(7);
    let mut widest: Vec<(u64, Tree)> = Vec::new();
    for _ in 0..TRIED {
        let tree = match widest.len() {
            count if count < KEPT || random.below(4) == 0 => parts.tree(&mut random, 4),
            count => {
                let other = &widest[random.below(count)].1;
                let tree = widest[random.below(count)].1.clone();
                parts.changed(&mut random, tree, other)
            }
        };
        let text = tree.text();
        if text.len() > 2_000 {
            continue;
        }
        let Some(charged) = paid(&text, &names) else {
            continue;
        };
        widest.push((charged, tree));
        widest.sort_by_key(|(charged, _)| std::cmp::Reverse(*charged));
        widest.truncate(KEPT);
    }
    let best = widest.first().map_or(0, |(charged, _)| *charged);
    assert!(best > MAX_ALIVE / 16, "the search found only {best} bytes");
}
