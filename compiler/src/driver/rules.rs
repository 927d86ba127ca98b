//! What the `.gitignore` files of a folder and of those above it leave out.
//!
//! Enters: folders, then paths in them. Leaves: the line that leaves a path out. The nearest file
//! that has something to say decides. Must not know which files are looked for.

use std::{fs, io, path::Path, sync::Arc};

use super::{
    globs::{self, Below, List, Steps, TooLong},
    read::{self, Expected},
    repository::GIT,
};

/// How many bytes all files that have a say about one folder may have.
const LARGEST: usize = 1 << 20;

/// The lines of one file of git's, and of those above it, which have less to say.
#[derive(Debug)]
struct File {
    lines: List,
    /// How much of a path is the folder of the file.
    prefix: usize,
    /// The path of the file, as people see it.
    shown: String,
    /// How many bytes it has, together with those above.
    size: usize,
    above: Rules,
}

/// The rules for one folder.
#[derive(Clone, Debug, Default)]
pub(super) struct Rules(Option<Arc<File>>);

impl Rules {
    /// The rules of the folders above one in a repository, up to the root of that. Those above
    /// it have no say: a file in `/tmp` decides nothing about a folder in `/tmp`.
    pub(super) fn above(root: &Path, folder: &Path) -> io::Result<Self> {
        let mut rules = Self::default().of_repository(root)?;
        let above = folder.ancestors().skip(1);
        let mut between: Vec<_> = above.take_while(|above| above.starts_with(root)).collect();
        between.reverse();
        for folder in between {
            rules = rules.of_folder(folder, folder)?;
        }
        Ok(rules)
    }

    /// With what the repository itself leaves out, wherever it is used.
    pub(super) fn of_repository(&self, root: &Path) -> io::Result<Self> {
        let exclude = root.join(GIT).join("info/exclude");
        self.with(root, &exclude, &exclude)
    }

    /// With the `.gitignore` of a folder, if it has one. `shown` is the folder as people see it.
    pub(super) fn of_folder(&self, folder: &Path, shown: &Path) -> io::Result<Self> {
        let name = ".gitignore";
        self.with(folder, &folder.join(name), &shown.join(name))
    }

    fn with(&self, folder: &Path, file: &Path, shown: &Path) -> io::Result<Self> {
        if fs::symlink_metadata(file).is_err() {
            return Ok(self.clone());
        }
        let shown = shown
            .strip_prefix("./")
            .unwrap_or(shown)
            .display()
            .to_string();
        let named = |error: io::Error| io::Error::new(error.kind(), format!("`{shown}`: {error}"));
        let bytes = read::file(file, Expected::Settings).map_err(named)?;
        let size = bytes.len() + self.0.as_ref().map_or(0, |above| above.size);
        if size > LARGEST {
            return Err(named(io::Error::other(
                "it and those of the folders above are larger than 1 MB, the most that is read",
            )));
        }
        let text = String::from_utf8_lossy(&bytes);
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
        let mut lines = List::default();
        for (number, line) in (1..).zip(text.lines()) {
            // Like git, a line that can match nothing is passed over.
            let _ = lines.add(number, line);
        }
        let folder = globs::bytes(folder);
        let slash = usize::from(!folder.ends_with(b"/"));
        Ok(Self(Some(Arc::new(File {
            lines,
            prefix: folder.len() + slash,
            shown,
            size,
            above: self.clone(),
        }))))
    }

    /// The line that leaves a path out, like `.gitignore:3`.
    ///
    /// # Errors
    /// The patterns are too many to compare a path with them.
    pub(super) fn ignored(&self, path: &Path, is_folder: bool) -> io::Result<Option<String>> {
        let mut steps = Steps::of_one_path();
        let path = globs::bytes(path);
        let mut rules = self;
        while let Some(file) = &rules.0 {
            let below = Below {
                path: path.get(file.prefix..).unwrap_or_default(),
                is_folder,
            };
            match file.lines.last(below, &mut steps) {
                Ok(Some(line)) => {
                    let says = || format!("{}:{}", file.shown, line.number);
                    return Ok((!line.negated).then(says));
                }
                Ok(None) => rules = &file.above,
                Err(TooLong) => {
                    return Err(io::Error::other(format!(
                        "`{}`: its patterns are too many or too long to compare a path with them: \
                         use fewer wildcards",
                        file.shown
                    )));
                }
            }
        }
        Ok(None)
    }
}
