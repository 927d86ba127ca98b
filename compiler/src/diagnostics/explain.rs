//! The examples in the pages of the codes.
//!
//! Enters: a page. Leaves: the files of its bad example and of its good example. A page has a
//! section `## Bad` and a section `## Good`, each with one or more fenced blocks. The first line of
//! a block names a language, then the file (when it is not `pipeline.json`), then `latin-1` (when
//! the file must not be UTF-8).

/// The examples of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examples {
    /// Checking these files gives exactly the code of the page.
    pub bad: Vec<File>,
    /// Checking these files gives no finding.
    pub good: Vec<File>,
}

/// A file of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its file name.
    pub name: String,
    /// Its contents.
    pub bytes: Vec<u8>,
}

/// The file name of a block that does not name one.
pub const DEFAULT_NAME: &str = "pipeline.json";

/// Reads the examples of a page.
#[must_use]
pub fn examples(page: &str) -> Examples {
    let mut examples = Examples::default();
    let mut section = "";
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            section = title;
        } else if let Some(info) = line.strip_prefix("```") {
            let body: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
            let file = file(info, &body.join("\n"));
            match section {
                "Bad" => examples.bad.push(file),
                "Good" => examples.good.push(file),
                _ => {}
            }
        }
    }
    examples
}

fn file(info: &str, text: &str) -> File {
    let mut words: Vec<_> = info.split_whitespace().skip(1).collect();
    let latin = words.last() == Some(&"latin-1");
    if latin {
        words.pop();
    }
    let bytes = if latin {
        // Pages use no characters beyond Latin-1 in such blocks.
        text.chars()
            .filter_map(|c| u8::try_from(u32::from(c)).ok())
            .collect()
    } else {
        text.as_bytes().to_vec()
    };
    File {
        name: words.first().map_or(DEFAULT_NAME, |name| name).to_owned(),
        bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::{Examples, File, examples};

    #[test]
    fn sections_blocks_and_encodings() {
        let page = "# T\n\n```json\nno\n```\n## Bad\n```json latin-1\né\n```\n```toml fmc.toml\nx\ny\n```\n## Good\n```json\n```\n";
        let file = |name: &str, bytes: &[u8]| File {
            name: name.to_owned(),
            bytes: bytes.to_vec(),
        };
        let expected = Examples {
            bad: vec![file("pipeline.json", b"\xE9"), file("fmc.toml", b"x\ny")],
            good: vec![file("pipeline.json", b"")],
        };
        assert_eq!(examples(page), expected);
    }
}
