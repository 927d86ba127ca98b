//! How long the compiler's own part of a build takes: checking, and generating source for many
//! stages.
//!
//! Run `cargo bench -p fmc-tests --bench compiler`. The time of rustc and the linker is in the
//! bench `build`.

use divan::{Bencher, counter::ItemsCount};
use fmc::{CheckedModel, Settings, codegen, source::SourceMap};
use fmc_tests::generate;

fn main() {
    divan::main();
}

fn checked(text: &str) -> Option<CheckedModel> {
    let mut sources = SourceMap::new();
    let file = sources.add("bench.json", text);
    fmc::check(&sources, file, &Settings::default())
        .into_checked_model()
        .ok()
}

/// From text to findings.
#[divan::bench(args = [4, 24, 100, 1000])]
fn check(bencher: Bencher<'_, '_>, stages: usize) {
    let text = generate::pipeline(stages);
    assert!(
        checked(&text).is_some(),
        "the generated pipeline has errors"
    );
    bencher
        .counter(ItemsCount::new(stages))
        .bench(|| checked(&text));
}

/// From IR to Rust source.
#[divan::bench(args = [4, 24, 100, 1000])]
fn generate_source(bencher: Bencher<'_, '_>, stages: usize) {
    let text = generate::pipeline(stages);
    let checked = checked(&text);
    let Some(checked) = &checked else { return };
    bencher
        .counter(ItemsCount::new(stages))
        .bench(|| codegen::generate(checked, &text).is_ok());
}
