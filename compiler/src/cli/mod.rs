//! The command line: one file a verb.
//!
//! Enters: arguments. Leaves: results on standard output, everything else on standard error,
//! an exit status. Only this module and `driver` print, read files or look at the environment.

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

/// What a verb ends with: an exit status, or one line for exit status 2.
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

/// Flags of every verb.
#[derive(Args, Debug)]
struct Global {
    /// When to colour output
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    color: Color,
    /// Say less on standard error
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Say more on standard error
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
    /// Whether to colour what goes to standard output.
    fn colour_stdout(&self) -> bool {
        self.colour(std::io::stdout().is_terminal())
    }

    /// Whether to colour what goes to a terminal or elsewhere.
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

/// Prints a result. Whoever closed the pipe wants no more of it.
fn print(text: &str) -> Outcome {
    use std::io::Write as _;

    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    Ok(0)
}

// One line a verb, here and in `dispatch`.
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

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // A usage error, or `--help`; nothing better can be done if printing it fails.
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
