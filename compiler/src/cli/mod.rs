//! The command line. Each verb has a file.
//!
//! Enters: arguments. Leaves: results on standard output, everything else on standard error, and an
//! exit status. Only this module and `driver` print, read files or read the environment.

mod build;
mod buildable;
mod check;
mod clean;
mod env;
mod eval;
mod explain;
mod left_out;
mod levels;
mod run;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use fmc_expr::outside::{Shown, layout, message};

use crate::driver::out;

/// The result of a verb: an exit status, or a line to print before exit status 2.
type Outcome = Result<u8, String>;

/// Check FlowMason pipelines and compile them to native binaries
#[derive(Debug, Parser)]
#[command(name = "fmc", version, after_help = "Example:\n  fmc check pipelines/")]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    verb: Verb,
}

/// The flags that every verb has.
#[derive(Args, Debug)]
struct Global {
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    color: Color,
    /// Print less on standard error
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Print more on standard error
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    verbose: bool,
}

/// `--color`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Global {
    /// Whether to colour standard output.
    fn colour_stdout(&self) -> bool {
        self.colour(out::is_terminal())
    }

    /// Whether to colour output that goes to a terminal (`terminal`) or elsewhere.
    fn colour(&self, terminal: bool) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && wants_colour(),
        }
    }
}

/// Whether `NO_COLOR` is not set.
fn wants_colour() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Prints a result. A closed pipe means that the reader wants no more.
fn print(text: &Shown<'_>) -> Outcome {
    out::result(text)?;
    Ok(0)
}

/// Prints lines about what was passed over.
fn warn<'a>(lines: impl IntoIterator<Item = &'a String>, global: &Global) {
    for line in lines {
        if !global.quiet {
            out::say(&format!("fmc: {line}"));
        }
    }
}

// One line for each verb, here and in `dispatch`.
#[derive(Debug, Subcommand)]
enum Verb {
    Build(build::Arguments),
    Check(check::Arguments),
    Clean(clean::Arguments),
    Env(env::Arguments),
    Eval(eval::Arguments),
    Explain(explain::Arguments),
    Run(run::Arguments),
}

fn dispatch(cli: &Cli) -> Outcome {
    let global = &cli.global;
    match &cli.verb {
        Verb::Build(arguments) => build::run(arguments, global),
        Verb::Check(arguments) => check::run(arguments, global),
        Verb::Clean(arguments) => clean::run(arguments, global),
        Verb::Env(arguments) => env::run(arguments, global),
        Verb::Eval(arguments) => eval::run(arguments, global),
        Verb::Explain(arguments) => explain::run(arguments, global),
        Verb::Run(arguments) => run::run(arguments, global),
    }
}

/// Runs the command line of this process and returns its exit status.
#[must_use]
pub fn main() -> ExitCode {
    out::watch_panics();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(error),
    };
    ended(dispatch(&cli))
}

/// The exit status of an outcome; what went wrong is said.
fn ended(outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(status) => ExitCode::from(status),
        Err(line) => {
            out::say(&format!("fmc: {line}"));
            ExitCode::from(2)
        }
    }
}

/// Prints a usage error, or help. An error quotes arguments, so they are read once more in a form
/// in which they can be shown.
fn usage(error: clap::Error) -> ExitCode {
    let shown = std::env::args_os().map(|arg| message(&arg.to_string_lossy()).into_string());
    let error = Cli::try_parse_from(shown).err().unwrap_or(error);
    let wrong = error.use_stderr();
    let terminal = if wrong {
        out::errors_on_terminal()
    } else {
        out::is_terminal()
    };
    let colour = terminal && wants_colour();
    let text = match colour {
        true => error.render().ansi().to_string(),
        false => error.render().to_string(),
    };
    let text = layout(text.trim_end(), colour);
    if wrong {
        out::error(&text);
        return ExitCode::from(2);
    }
    ended(print(&text.ended()))
}

/// A number of things: `1 file`, `2 files`.
fn plural(count: usize, noun: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{s}")
}
