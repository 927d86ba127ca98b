//! Hostile pipeline files of any size: each shape repeats one mistake, or one costly thing, until
//! the file is as large as wanted.
//!
//! Enters: a size in bytes. Leaves: texts with their names, each about as large. The test `hostile`
//! checks them small, the bench `hostile` large. Must not know how they are checked.

mod expressions;

mod graphs;

mod numbered;

mod projects;

mod schemas;

mod stages;

mod syntax;

mod types;

pub use projects::projects;

/// A kind of hostile file.
#[derive(Clone, Copy)]
pub struct Shape {
    /// Its name, which is also a file name.
    pub name: &'static str,
    make: Make,
}

/// How its text is made.
#[derive(Clone, Copy)]
enum Make {
    /// One piece, again and again, with something between two of them, at a place of a pipeline.
    Repeated(Place, &'static str, &'static str),
    /// In its own way.
    Made(fn(usize) -> String),
}

/// What is written before and after the pieces.
type Place = (&'static str, &'static str);

/// Where no pipeline is around them.
const ALONE: Place = ("", "");
/// In a list.
const LIST: Place = ("[", "]");
/// As keys of the pipeline.
const KEYS: Place = (r#"{"name":"p","#, "}");
/// As stages.
const STAGES: Place = (r#"{"name":"p","stages":["#, "]}");
/// In the message of a log line.
const MESSAGE: Place = (
    r#"{"name":"p","stages":[{"id":"a","component_type":"logger","config":{"message":""#,
    r#""}}]}"#,
);
/// As settings of a stage.
const SETTINGS: Place = (
    r#"{"name":"p","stages":[{"id":"a","component_type":"logger","config":{"message":"m","#,
    "}}]}",
);
/// In a list of data.
const DATA: Place = (
    r#"{"name":"p","stages":[{"id":"a","component_type":"logger","config":{"message":"m","data":["#,
    "]}}]}",
);
/// As entries of an object of data.
const ENTRIES: Place = (
    r#"{"name":"p","stages":[{"id":"a","component_type":"logger","config":{"message":"m","data":{"#,
    "}}}]}",
);

impl Shape {
    /// A file of about this many bytes.
    #[must_use]
    pub fn text(&self, size: usize) -> String {
        match self.make {
            Make::Repeated((head, tail), piece, between) => {
                repeated((head, tail), piece, between, size)
            }
            Make::Made(make) => make(size),
        }
    }
}

/// All shapes.
#[must_use]
pub fn shapes() -> Vec<Shape> {
    let repeated = [
        syntax::SHAPES,
        stages::SHAPES,
        expressions::SHAPES,
        schemas::SHAPES,
    ];
    let repeated = repeated.iter().copied().flatten();
    let repeated = repeated.map(|&(name, place, piece, between)| Shape {
        name,
        make: Make::Repeated(place, piece, between),
    });
    let made = [graphs::SHAPES, numbered::SHAPES, types::SHAPES];
    let made = made.iter().copied().flatten().map(|&(name, make)| Shape {
        name,
        make: Make::Made(make),
    });
    repeated.chain(made).collect()
}

/// A row of a table of pieces: the name, the place, the piece and what is between two of them. In a
/// piece `@` is a number that grows, and `§` is a thousand letters.
type Row = (&'static str, Place, &'static str, &'static str);

/// A row of a table of functions.
type Made = (&'static str, fn(usize) -> String);

fn repeated((head, tail): Place, piece: &str, between: &str, size: usize) -> String {
    let piece = piece.replace('§', &"x".repeat(1_000));
    let mut text = head.to_owned();
    for number in 0.. {
        if text.len() + tail.len() >= size {
            break;
        }
        let between = if number > 0 { between } else { "" };
        text.push_str(between);
        text.push_str(&piece.replace('@', &number.to_string()));
    }
    text + tail
}

/// A pipeline of stages. `stage` is given the number of each, and how many there are.
fn staged(size: usize, each: usize, stage: impl Fn(usize, usize) -> String) -> String {
    let count = (size / each).max(2);
    let stages: Vec<String> = (0..count).map(|at| stage(at, count)).collect();
    format!(r#"{{"name":"p","stages":[{}]}}"#, stages.join(","))
}

/// A log line that waits for others.
fn log(id: &str, depends_on: &str) -> String {
    format!(
        r#"{{"id":"{id}","component_type":"logger","config":{{"message":"m"}},"depends_on":[{depends_on}]}}"#
    )
}

/// Texts with numbers up to a count, with a comma between two of them.
fn list(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().join(",")
}
