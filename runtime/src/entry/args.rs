//! Parses the command line of a built binary. It is written by hand, so that the binary starts
//! within milliseconds.
//!
//! Enters: arguments. Leaves: a command, or one line that says what is wrong. Must not read files
//! or the environment.

use std::iter::Peekable;

use fmc_expr::hosts;

use crate::host::report::{
    Level, LogFormat,
    level::{LEVELS, WORDS},
};

/// What to do.
#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    Run(Box<RunArgs>),
    Describe,
    Help,
    Version,
}

/// The options of `run`.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct RunArgs {
    pub(crate) input: Option<String>,
    pub(crate) env_file: Option<String>,
    pub(crate) mock: Option<String>,
    /// Whether the run writes events. Set by `--events`; the reporter reads it.
    pub(crate) events: bool,
    pub(crate) timeout_ms: Option<u64>,
    pub(crate) grace_ms: Option<u64>,
    pub(crate) max_concurrency: Option<usize>,
    pub(crate) log_format: Option<LogFormat>,
    pub(crate) log_level: Option<Level>,
    pub(crate) allow_hosts: Vec<hosts::Entry>,
    pub(crate) color: Color,
}

/// Whether the report of a failure has colors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Color {
    /// Only if standard error is a terminal.
    #[default]
    Auto,
    Always,
    Never,
}

type Take = fn(&mut RunArgs, &str) -> Result<(), String>;
type Set = fn(&mut RunArgs);

/// Every option with a value: its name, its value (for `--help`), what it does, and the function
/// that reads it.
const OPTIONS: &[(&str, &str, &str, Take)] = &[
    (
        "--input",
        "FILE|-|JSON",
        "the input; without it `sample_input` of the pipeline, else {}",
        |args, value| {
            args.input = Some(value.to_owned());
            Ok(())
        },
    ),
    (
        "--env-file",
        "FILE",
        "variables as NAME=value lines; the environment wins",
        |args, value| {
            args.env_file = Some(value.to_owned());
            Ok(())
        },
    ),
    (
        "--mock",
        "FILE",
        "outputs that stand in for stages, as {stage: output}",
        |args, value| {
            args.mock = Some(value.to_owned());
            Ok(())
        },
    ),
    (
        "--timeout",
        "TIME",
        "limit for the run: 90, 90s, 1500ms, 5m",
        |args, value| {
            args.timeout_ms = Some(duration_ms(value)?);
            Ok(())
        },
    ),
    (
        "--grace",
        "TIME",
        "how long running stages may go on after a signal (30s)",
        |args, value| {
            args.grace_ms = Some(duration_ms(value)?);
            Ok(())
        },
    ),
    (
        "--max-concurrency",
        "N",
        "stages that run at a time (32)",
        |args, value| {
            let number = value.parse().ok().filter(|number| *number > 0);
            args.max_concurrency = Some(number.ok_or("expected a number of 1 or more")?);
            Ok(())
        },
    ),
    (
        "--log-format",
        "text|json",
        "how log lines look (text; json with --events)",
        |args, value| {
            let formats = [("text", LogFormat::Text), ("json", LogFormat::Json)];
            args.log_format = Some(choice(value, &formats)?);
            Ok(())
        },
    ),
    (
        "--log-level",
        "LEVEL",
        "debug, info, warning or error (info)",
        |args, value| {
            let words: Vec<_> = WORDS.into_iter().zip(LEVELS).collect();
            args.log_level = Some(choice(value, &words)?);
            Ok(())
        },
    ),
    (
        "--allow-host",
        "HOST…",
        "refuse to connect to any other host",
        |args, value| {
            for host in value.split(',') {
                args.allow_hosts.push(hosts::Entry::parse(host)?);
            }
            Ok(())
        },
    ),
    (
        "--color",
        "WHEN",
        "auto, always or never (auto)",
        |args, value| {
            let colors = [
                ("auto", Color::Auto),
                ("always", Color::Always),
                ("never", Color::Never),
            ];
            args.color = choice(value, &colors)?;
            Ok(())
        },
    ),
];

/// Options without a value.
const SWITCHES: &[(&str, &str, Set)] = &[
    (
        "--events",
        "write one JSON event a line to standard error",
        |args| args.events = true,
    ),
    ("-q", "log errors only", |args| {
        args.log_level = Some(Level::Error);
    }),
    ("-v", "log everything", |args| {
        args.log_level = Some(Level::Debug);
    }),
];

const COMMANDS: [&str; 2] = ["run", "describe"];

/// Words of the specification that this version does not have.
const LATER: &[&str] = &[
    "serve",
    "resume",
    "--journal",
    "--report",
    "--progress",
    "--listen",
];

/// Parses the arguments, without the name of the program.
///
/// # Errors
/// One line that says what is wrong.
pub(crate) fn parse(args: &[String]) -> Result<Command, String> {
    let mut args = args.iter().map(String::as_str).peekable();
    let mut command = None;
    let mut run = RunArgs::default();
    while let Some(arg) = args.next() {
        let (name, inline) = match arg.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(value)),
            _ => (arg, None),
        };
        match name {
            "-h" | "--help" | "help" => return Ok(Command::Help),
            "-V" | "--version" => return Ok(Command::Version),
            "run" | "describe" => match command.replace(name) {
                None => {}
                Some(first) => {
                    return Err(format!("expected options after `{first}`, found `{name}`"));
                }
            },
            later if LATER.contains(&later) => {
                return Err(format!("`{later}` is not in this version"));
            }
            _ => option(&mut run, name, inline, &mut args)?,
        }
    }
    match command {
        Some("describe") => Ok(Command::Describe),
        _ => Ok(Command::Run(Box::new(run))),
    }
}

/// Reads an option or switch. Its value may be the next of the arguments.
fn option<'a>(
    run: &mut RunArgs,
    name: &str,
    inline: Option<&'a str>,
    args: &mut Peekable<impl Iterator<Item = &'a str>>,
) -> Result<(), String> {
    if let Some((_, _, set)) = SWITCHES.iter().find(|(switch, ..)| *switch == name) {
        set(run);
        return match inline {
            None => Ok(()),
            Some(value) => Err(format!("`{name}` takes no value, found `{value}`")),
        };
    }
    let Some((_, _, _, take)) = OPTIONS.iter().find(|(option, ..)| *option == name) else {
        return Err(unknown(name));
    };
    let value = inline
        .or_else(|| args.next())
        .ok_or(format!("`{name}` needs a value"))?;
    take(run, value).map_err(|error| format!("`{name}`: {error}"))?;
    // `--allow-host a b c`
    while name == "--allow-host" && args.peek().is_some_and(|next| !next.starts_with('-')) {
        take(run, args.next().unwrap_or_default()).map_err(|error| format!("`{name}`: {error}"))?;
    }
    Ok(())
}

fn unknown(name: &str) -> String {
    let (what, known): (_, Vec<&str>) = if name.starts_with('-') {
        let options = OPTIONS.iter().map(|(option, ..)| *option);
        let switches = SWITCHES.iter().map(|(switch, ..)| *switch);
        ("option", options.chain(switches).collect())
    } else {
        ("command", COMMANDS.to_vec())
    };
    // In a short word, two changed letters can make any other word, so fewer changes are allowed.
    let most = (name.trim_matches('-').chars().count() / 2).min(2);
    let nearest = known
        .into_iter()
        .map(|known| (strsim::damerau_levenshtein(name, known), known))
        .min()
        .filter(|(distance, _)| *distance <= most);
    match nearest {
        Some((_, nearest)) => format!("unknown {what} `{name}`; did you mean `{nearest}`?"),
        None => format!("unknown {what} `{name}`; `--help` lists all of them"),
    }
}

fn choice<T: Copy>(value: &str, choices: &[(&str, T)]) -> Result<T, String> {
    let found = choices
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(value));
    found.map(|(_, choice)| *choice).ok_or_else(|| {
        let names: Vec<_> = choices
            .iter()
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        format!("expected one of {}, found `{value}`", names.join(", "))
    })
}

fn duration_ms(text: &str) -> Result<u64, String> {
    let units = [
        ("ms", 1.0),
        ("s", 1_000.0),
        ("m", 60_000.0),
        ("h", 3_600_000.0),
        ("", 1_000.0),
    ];
    units
        .iter()
        .find_map(|(unit, factor)| {
            let number: f64 = text.trim().strip_suffix(unit)?.trim().parse().ok()?;
            let ms = (number * factor).round();
            (ms.is_finite() && ms >= 0.0).then_some(ms as u64)
        })
        .ok_or_else(|| format!("expected a time like `90s`, `1500ms` or `5m`, found `{text}`"))
}

/// The text of `--help`.
pub(crate) fn help(name: &str, title: &str) -> String {
    let mut lines = vec![
        format!("{title}"),
        // `fmc build` looks for this sentence before it replaces a program.
        "This program was built by fmc from a pipeline.".to_owned(),
        String::new(),
        format!("Usage: {name} [run] [OPTIONS]    one run; its output as JSON on standard output"),
        format!("       {name} describe           what this binary is, as JSON"),
        String::new(),
        "Options of `run`:".to_owned(),
    ];
    for (option, value, what, _) in OPTIONS {
        lines.push(format!("  {:<27} {what}", format!("{option} {value}")));
    }
    for (switch, what, _) in SWITCHES {
        lines.push(format!("  {switch:<27} {what}"));
    }
    lines.extend([
        String::new(),
        "Exit status: 0 completed, 1 failed, 2 bad usage or input or missing environment,"
            .to_owned(),
        "130 and 143 stopped by a signal.".to_owned(),
        String::new(),
        format!("Example: {name} --input '{{\"id\": 7}}' --env-file .env --events"),
    ]);
    lines.join("\n")
}

#[cfg(test)]
#[path = "tests/args.rs"]
mod tests;
