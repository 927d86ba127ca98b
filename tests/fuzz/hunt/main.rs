//! Looks for the slowest and the widest expressions: a search with cost as its objective.
//!
//!   cargo run --release --bin hunt -- SECONDS [SEED]
//!
//! Enters: how long to look, and a seed. Leaves: the expressions that took the most time and the
//! most memory, in all and for what was charged; exit status 1 when one breaks a bound. Coverage would not help here: what is slow
//! does what is quick, only more often. So expressions are trees of parts, the costliest of them
//! are kept, and new ones are made by changing those. Must not know how costs are charged.

use std::{
    fmt,
    process::{self, ExitCode},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use cpu_time::ThreadTime;
use fmc_expr::{Cx, Value, builtins, cx::MAX_ALIVE, interp, parse};
use fmc_test_expressions::{
    Random,
    costly::{Parts, Tree},
};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// No expression may take more processor time. (Other work on the machine does not count.)
const SLOW: Duration = Duration::from_secs(1);
/// After this long, an expression counts as one that never ends.
const HUNG: Duration = Duration::from_secs(20);
/// What an evaluation may hold without a charge: its tree, compiled patterns, tables.
const BESIDE: usize = 8 << 20;
/// No expression may hold more bytes at one time.
const WIDE: usize = MAX_ALIVE as usize + BESIDE;
/// How many of the costliest are kept for each objective.
const KEPT: usize = 48;

/// What an evaluation took.
#[derive(Clone, Copy, Default)]
struct Cost {
    time: Duration,
    /// The most bytes that were held at one time.
    bytes: usize,
    /// How many of them were charged.
    charged: usize,
    steps: u64,
}

impl Cost {
    fn uncharged(&self) -> usize {
        self.bytes.saturating_sub(self.charged)
    }

    /// Picoseconds a step. A short evaluation says nothing about that.
    fn pace(&self) -> u128 {
        self.time.as_nanos() * 1_000 / u128::from(self.steps.max(200_000))
    }

    fn is_too_much(&self) -> bool {
        self.time > SLOW || self.bytes > WIDE || self.uncharged() > BESIDE
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { time, steps, .. } = self;
        write!(
            f,
            "{time:?}, {steps} steps, {} ps a step, {} KiB, {} KiB uncharged",
            self.pace(),
            self.bytes >> 10,
            self.uncharged() >> 10
        )
    }
}

/// The costliest trees so far, by one objective, the costliest first.
struct Best {
    name: &'static str,
    by: fn(&Cost) -> u128,
    trees: Vec<(u128, Cost, Tree)>,
}

impl Best {
    fn offer(&mut self, cost: Cost, tree: &Tree) {
        let score = (self.by)(&cost);
        let at = self.trees.partition_point(|(other, ..)| *other > score);
        // Trees of one shape would soon be all that is kept.
        let shape = tree.shape();
        let twin = self
            .trees
            .iter()
            .position(|(.., other)| other.shape() == shape);
        match twin {
            Some(twin) if twin < at => return,
            Some(twin) => drop(self.trees.remove(twin)),
            None => {}
        }
        if at < KEPT {
            self.trees.insert(at, (score, cost, tree.clone()));
            self.trees.truncate(KEPT);
        }
    }
}

/// The expression that is being evaluated, and since when.
#[derive(Clone, Default)]
struct Watch(Arc<Mutex<Option<(Instant, String)>>>);

impl Watch {
    fn set(&self, now: Option<(Instant, String)>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    /// Ends the process when one expression takes for ever: nothing else could stop it.
    fn guard(&self) {
        let watch = self.clone();
        thread::spawn(move || {
            loop {
                thread::sleep(Duration::from_secs(1));
                let now = watch
                    .0
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .clone();
                if let Some((start, text)) = now
                    && start.elapsed() > HUNG
                {
                    println!("HUNG: {}", short(&text));
                    process::exit(1);
                }
            }
        });
    }
}

fn parts() -> Parts {
    Parts::new(builtins::all().map(|builtin| {
        let is_method = builtin.receiver.is_some();
        (is_method, builtin.name, builtin.params.len())
    }))
}

fn names() -> interp::Names {
    let rows = r#"{"rows": [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}], "text": "abc abc",
        "numbers": [3, 1, 2.5], "deep": {"a": {"b": [1, [2, [3]]]}}}"#;
    let data = Value::from_json(rows.as_bytes()).expect("this is JSON");
    interp::Names::from([("data".to_owned(), data)])
}

/// Evaluates a text. `None` when it is no expression.
fn cost(text: &str, names: &interp::Names) -> Option<Cost> {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let start = ThreadTime::now();
    let parsed = parse::parse(text);
    if !parsed.errors.is_empty() {
        return None;
    }
    let cx = Cx::new();
    let value = interp::eval(&parsed.expr, names, &cx);
    drop(value);
    Some(Cost {
        time: start.elapsed(),
        bytes: MEMORY.peak_usage().saturating_sub(before),
        charged: cx.most_alive() as usize,
        steps: cx.spent(),
    })
}

fn short(text: &str) -> String {
    text.chars().take(300).collect()
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let seconds = arguments.next().and_then(|text| text.parse().ok());
    let seed = arguments.next().and_then(|text| text.parse().ok());
    let end = Instant::now() + Duration::from_secs(seconds.unwrap_or(60));
    let (mut random, parts, names) = (Random::new(seed.unwrap_or(1)), parts(), names());
    let mut best = [
        Best {
            name: "slowest",
            by: |cost| cost.time.as_nanos(),
            trees: Vec::new(),
        },
        Best {
            name: "widest",
            by: |cost| cost.bytes as u128,
            trees: Vec::new(),
        },
        Best {
            name: "least paid by bytes",
            by: |cost| cost.uncharged() as u128,
            trees: Vec::new(),
        },
        Best {
            name: "least paid by steps",
            by: Cost::pace,
            trees: Vec::new(),
        },
    ];
    let watch = Watch::default();
    watch.guard();
    let (mut tried, mut broken) = (0_u64, 0_u32);
    while Instant::now() < end {
        let trees = &best[random.below(best.len())].trees;
        let tree = if trees.is_empty() || random.below(8) == 0 {
            parts.tree(&mut random, 4)
        } else {
            let other = &trees[random.below(trees.len())].2;
            let tree = trees[random.below(trees.len())].2.clone();
            parts.changed(&mut random, tree, other)
        };
        let text = tree.text();
        if text.len() > 4_096 {
            continue;
        }
        watch.set(Some((Instant::now(), text.clone())));
        let cost = cost(&text, &names);
        watch.set(None);
        let Some(cost) = cost else { continue };
        tried += 1;
        if cost.is_too_much() {
            broken += 1;
            println!("BROKEN {cost}: {}", short(&text));
        }
        for best in &mut best {
            best.offer(cost, &tree);
        }
    }
    println!("{tried} expressions");
    for Best { name, trees, .. } in &best {
        for (_, cost, tree) in trees.iter().take(5) {
            println!("{name}: {cost}: {}", short(&tree.text()));
        }
    }
    ExitCode::from(u8::from(broken > 0))
}
