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
mod levels;
mod run;

use std::{io::IsTerminal, process::ExitCode};

use clap::{Args, Parser, Subcommand, ValueEnum};

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
        self.colour(std::io::stdout().is_terminal())
    }

    /// Whether to colour output that goes to a terminal (`terminal`) or elsewhere.
    fn colour(&self, terminal: bool) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            }
        }
    }
}

/// Prints a result. A closed pipe means that the reader wants no more.
fn print(text: &str) -> Outcome {
    use std::io::Write as _;

    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    Ok(0)
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
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // A usage error, or `--help`. If printing it fails, nothing better can be done.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    match dispatch(&cli) {
        Ok(status) => ExitCode::from(status),
        Err(line) => {
            eprintln!("fmc: {line}");
            ExitCode::from(2)
        }
    }
}
