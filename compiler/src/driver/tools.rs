//! How the tools of a build are started: rustc, cargo, and rustup's shims of them.
//!
//! Enters: a tool, by its path. Leaves: a command that starts it where nothing can choose another
//! tool: the folder of the pipeline and those above it may belong to somebody who wants to run
//! code of their own. The user's choices stay: `PATH`, `RUSTUP_TOOLCHAIN`, the default toolchain
//! of rustup, the configuration in cargo's home. Must not know what is built.

use std::{
    env,
    ffi::{OsStr, OsString},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Beginnings of the names of variables that make cargo or rustc use another tool, or build
/// something else than what is asked for here: `CARGO_TARGET_DIR`,
/// `CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER`, `CARGO_BUILD_RUSTC_WRAPPER`.
const UNSET: [&str; 12] = [
    "CARGO_ALIAS_",
    "CARGO_BUILD_",
    "CARGO_ENCODED_RUST",
    "CARGO_INCREMENTAL",
    "CARGO_MAKEFLAGS",
    "CARGO_PROFILE_",
    "CARGO_TARGET_",
    "CARGO_UNSTABLE_",
    "RUSTC",
    "RUSTDOC",
    "RUSTFLAGS",
    "__CARGO_",
];

/// A command that starts a tool.
#[must_use]
pub fn command(tool: &Path) -> Command {
    let mut command = Command::new(tool);
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if UNSET.iter().any(|start| text.starts_with(start)) {
            command.env_remove(&name);
        }
    }
    // Empty means none, also where cargo's configuration names one.
    command.env("RUSTC_WRAPPER", "");
    command.env("RUSTC_WORKSPACE_WRAPPER", "");
    if let Some(path) = path() {
        command.env("PATH", path);
    }
    // Whoever names a toolchain is not asked to look for a toolchain file.
    if let Some(toolchain) = toolchain() {
        command.env("RUSTUP_TOOLCHAIN", toolchain);
    }
    command.current_dir(neutral());
    command
}

/// A folder that has no folders above it, so that no tool finds configuration there: cargo and
/// rustup search upwards from the folder in which they start.
fn neutral() -> PathBuf {
    let here = env::current_dir().unwrap_or_default();
    let top = here.ancestors().last().filter(|top| top.is_absolute());
    top.map_or_else(|| PathBuf::from("/"), Path::to_owned)
}

/// `PATH` without relative entries: `.` would find a `cc` of the folder.
fn path() -> Option<OsString> {
    env::join_paths(folders(&env::var_os("PATH")?)).ok()
}

fn folders(path: &OsStr) -> impl Iterator<Item = PathBuf> {
    env::split_paths(path).filter(|folder| folder.is_absolute())
}

/// The first executable with this name on `PATH`.
pub(super) fn on_path(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    folders(&env::var_os("PATH")?)
        .map(|folder| folder.join(&file))
        .find(|candidate| is_executable(candidate))
}

pub(super) fn is_executable(path: &Path) -> bool {
    let Ok(metadata) = fs::metadata(path) else {
        return false;
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        metadata.is_file() && metadata.permissions().mode() & 0o111 != 0
    }
    #[cfg(not(unix))]
    {
        metadata.is_file()
    }
}

/// The toolchain that the user has chosen for every folder: `RUSTUP_TOOLCHAIN`, else the default of
/// rustup. `None` without rustup.
pub(super) fn toolchain() -> Option<OsString> {
    let named = env::var_os("RUSTUP_TOOLCHAIN").filter(|name| !name.is_empty());
    named.or_else(|| default_toolchain(&rustup_settings()?).map(OsString::from))
}

/// The text of rustup's settings.
fn rustup_settings() -> Option<String> {
    let home = env::var_os("RUSTUP_HOME").filter(|home| !home.is_empty());
    let home = match home {
        Some(home) => PathBuf::from(home),
        None => env::home_dir()?.join(".rustup"),
    };
    fs::read_to_string(home.join("settings.toml")).ok()
}

fn default_toolchain(settings: &str) -> Option<String> {
    let settings: toml::Table = settings.parse().ok()?;
    Some(settings.get("default_toolchain")?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_folders_of_the_path_are_left_out() {
        let left: Vec<_> = folders(OsStr::new(".:/usr/bin::bin:/bin:./x")).collect();
        assert_eq!(left, ["/usr/bin", "/bin"].map(PathBuf::from));
    }

    #[test]
    fn the_default_of_rustup_is_read() {
        let settings =
            "version = \"12\"\ndefault_toolchain = \"stable-x\"\n[overrides]\n\"/a\" = \"evil\"\n";
        assert_eq!(default_toolchain(settings).as_deref(), Some("stable-x"));
        assert_eq!(default_toolchain("version = \"12\"\n"), None);
    }

    #[test]
    fn tools_start_at_the_top_without_wrappers() {
        let command = command(Path::new("cargo"));
        let folder = command.get_current_dir().unwrap();
        assert_eq!(folder.parent(), None);
        let wrapper = command
            .get_envs()
            .find(|(name, _)| *name == "RUSTC_WRAPPER");
        assert_eq!(wrapper.unwrap().1, Some(OsStr::new("")));
    }
}
