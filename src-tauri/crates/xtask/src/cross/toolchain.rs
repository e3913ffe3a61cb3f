//! A Rust that compiles for other systems: the one in use, or one that is put together in a folder.
//!
//! Debian 12 brings a recent Rust for its browsers, with the source of the standard library; of that the library for
//! another system is built. Nothing of it is installed. It is about 1.3 GB, and 3 minutes of work for two systems.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Target;
use crate::Result;
use crate::packages::{os_release, says};
use crate::process::{output_of, program, run};

/// What is unpacked, beside what these need.
const PACKAGES: [&str; 5] = [
    "cargo-web",
    "libstd-rust-web-dev",
    "rust-web-clippy",
    "rust-web-src",
    "rustc-web",
];

/// The standard library's crates that our programs and their tests need.
const LIBRARY: &str = "-Zbuild-std=std,panic_abort,panic_unwind,test,proc_macro";

/// A Rust, and the variables that it is used with.
pub(super) struct Rust {
    /// The folder with its programs; none where they are on the path.
    programs: Option<PathBuf>,
    variables: BTreeMap<String, PathBuf>,
}

impl Rust {
    /// A cargo command that compiles with it.
    pub(super) fn cargo(&self, verb: &str, folder: &Path) -> Command {
        let mut command = match &self.programs {
            // Called by cargo, another toolchain's clippy might be found first.
            Some(programs) if verb == "clippy" => program(programs.join("cargo-clippy"), folder),
            Some(programs) => program(programs.join("cargo"), folder),
            None => program("cargo", folder),
        };
        command.arg(verb).envs(&self.variables);
        if let Some(programs) = &self.programs {
            let path = std::env::var_os("PATH").unwrap_or_default();
            let path = std::iter::once(programs.clone()).chain(std::env::split_paths(&path));
            // A path that was split can be joined again.
            command.env("PATH", std::env::join_paths(path).unwrap_or_default());
            command.env("CARGO", programs.join("cargo"));
        }
        command
    }
}

/// The Rust in use where it has these systems' libraries, else one that is made below `folder`.
///
/// # Errors
/// If there is none and none can be made; then with what it needs.
pub(super) fn find_or_make(folder: &Path, targets: &[Target]) -> Result<Rust> {
    let mut rust = if targets.iter().all(|target| has_library(*target)) {
        Rust {
            programs: None,
            variables: BTreeMap::new(),
        }
    } else {
        make(&folder.join("rust"), targets)?
    };
    let stand_ins = folder.join("stand-ins");
    let cc = write_program(&stand_ins, "cc", include_str!("stand-ins/cc"))?;
    let ar = write_program(&stand_ins, "ar", include_str!("stand-ins/ar"))?;
    for (name, path) in [
        ("CC_aarch64_apple_darwin", cc.clone()),
        ("CXX_aarch64_apple_darwin", cc),
        ("AR_aarch64_apple_darwin", ar),
        ("SDKROOT", "/".into()),
        ("CARGO_TARGET_DIR", folder.join("build")),
    ] {
        rust.variables.insert(name.to_owned(), path);
    }
    Ok(rust)
}

/// Whether the Rust in use has a system's library.
fn has_library(target: Target) -> bool {
    let mut asked = program("rustc", Path::new("."));
    asked.args(["--print", "target-libdir", "--target", target.triple()]);
    output_of(&mut asked).is_ok_and(|folder| {
        let entries = fs::read_dir(folder.trim()).into_iter().flatten().flatten();
        entries
            .into_iter()
            .any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
    })
}

fn make(folder: &Path, targets: &[Target]) -> Result<Rust> {
    if !is_debian_12(&os_release()) {
        let triples: Vec<&str> = targets.iter().map(|target| target.triple()).collect();
        let triples = triples.join(" ");
        return Err(format!(
            "the Rust in use has no standard library for {triples}. Where it comes from rustup, run:\n\
             rustup target add {triples}\n\
             On Debian 12 this makes a Rust of its own from Debian's packages; this is none."
        )
        .into());
    }
    let root = folder.join("root");
    let programs = root.join("usr/bin");
    if !programs.join("rustc").is_file() {
        unpack(folder, &root)?;
    }
    let rust = Rust {
        variables: BTreeMap::from([
            ("RUSTC".to_owned(), programs.join("rustc")),
            (
                "LD_LIBRARY_PATH".to_owned(),
                root.join("usr/lib/x86_64-linux-gnu"),
            ),
        ]),
        programs: Some(programs),
    };
    for target in targets {
        let library = root
            .join("usr/lib/rustlib")
            .join(target.triple())
            .join("lib");
        if !library.is_dir() {
            build_library(&rust, &folder.join("library"), *target, &library)?;
        }
    }
    Ok(rust)
}

fn is_debian_12(os_release: &str) -> bool {
    says(os_release, "ID=debian") && says(os_release, "VERSION_ID=\"12\"")
}

/// Unpacks Debian's Rust, and what it needs that is not installed.
fn unpack(folder: &Path, root: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let said = output_of(program("apt-cache", folder).args(["madison", "rustc-web"]))?;
    let version = newest(&said).ok_or(
        "apt knows no rustc-web: Debian 12's security updates are missing among its sources, or its lists are empty \
         (apt-get update)",
    )?;
    let wanted: Vec<String> = PACKAGES
        .iter()
        .map(|name| format!("{name}={version}"))
        .collect();
    let said = output_of(
        program("apt-get", folder)
            .args(["install", "--simulate", "--no-install-recommends"])
            .args(&wanted),
    )?;
    let packages = folder.join("packages");
    let _ = fs::remove_dir_all(&packages);
    fs::create_dir_all(&packages)?;
    let needed = needed(&said);
    let needed = needed.iter().filter(|named| !wanted.contains(named));
    run(program("apt-get", &packages)
        .arg("download")
        .args(&wanted)
        .args(needed))?;
    // Half of it, after an interruption, would pass for the whole.
    let unfinished = folder.join("unfinished");
    let _ = fs::remove_dir_all(&unfinished);
    for entry in fs::read_dir(&packages)? {
        output_of(
            program("dpkg", &packages)
                .arg("-x")
                .args([&entry?.path(), &unfinished]),
        )?;
    }
    fs::rename(&unfinished, root)?;
    fs::remove_dir_all(&packages)?;
    Ok(())
}

/// The newest version for Debian 12 in what `apt-cache madison` says, which has the newest first.
fn newest(said: &str) -> Option<&str> {
    said.lines()
        .filter_map(|line| line.split('|').nth(1))
        .map(str::trim)
        .find(|version| version.contains("deb12"))
}

/// What a simulated installation would bring in, as `name=version`.
fn needed(said: &str) -> Vec<String> {
    said.lines()
        .filter_map(|line| line.strip_prefix("Inst "))
        .filter_map(|line| {
            // An update says the old version first, in brackets.
            let (name, rest) = line.split_once(' ')?;
            let (_, version) = rest.split_once('(')?;
            let version = version.split_whitespace().next()?;
            Some(format!("{name}={version}"))
        })
        .collect()
}

/// Builds a system's standard library and puts it where the compiler looks for it.
fn build_library(rust: &Rust, work: &Path, target: Target, to: &Path) -> Result<()> {
    println!("Building the standard library for {}.", target.triple());
    fs::create_dir_all(work.join("src"))?;
    let manifest = "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[profile.release]\ndebug = 0\n\n[workspace]\n";
    fs::write(work.join("Cargo.toml"), manifest)?;
    fs::write(work.join("src/lib.rs"), "")?;
    let wrapper = write_program(work, "rustc", include_str!("stand-ins/rustc"))?;
    let build = work.join("build");
    run(rust
        .cargo("build", work)
        .args(["--release", "--lib", LIBRARY, "--target", target.triple()])
        .env("CARGO_TARGET_DIR", &build)
        // What is built is unstable, and this version is the one that it belongs to.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC_WRAPPER", wrapper))?;
    let unfinished = work.join("library");
    let _ = fs::remove_dir_all(&unfinished);
    fs::create_dir_all(&unfinished)?;
    let mut folders = vec![build.join(target.triple()).join("release")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rlib") && name != "libempty.rlib" {
                fs::copy(&path, unfinished.join(name))?;
            }
        }
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::rename(&unfinished, to)?;
    fs::remove_dir_all(&build)?;
    Ok(())
}

/// Writes a program that a shell runs.
fn write_program(folder: &Path, name: &str, text: &str) -> Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let path = folder.join(name);
    fs::write(&path, text)?;
    #[cfg(unix)]
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_rust_for_this_debian_is_taken() {
        let said = " rustc-web | 1.96.0+dfsg1-1~deb12u2 | somewhere bookworm-security/main amd64 Packages\n \
                    rustc-web | 1.85.0+dfsg3-1~deb12u3 | somewhere bookworm/main amd64 Packages\n";
        assert_eq!(newest(said), Some("1.96.0+dfsg1-1~deb12u2"));
        assert_eq!(newest(""), None);
    }

    #[test]
    fn what_it_needs_is_read_from_a_simulated_installation() {
        let said = "Reading package lists...\nInst libllvm22 (1:22.1.8-1 Debian-Security:12/oldstable [amd64])\n\
                    Inst libgit2-1.5 [1.5.0] (1.5.1+ds-1 Debian:12 [amd64]) []\nConf libllvm22 (1:22.1.8-1 x [amd64])\n";
        assert_eq!(
            needed(said),
            ["libllvm22=1:22.1.8-1", "libgit2-1.5=1.5.1+ds-1"]
        );
    }

    #[test]
    fn only_debian_12_has_the_packages() {
        assert!(is_debian_12("ID=debian\nVERSION_ID=\"12\"\n"));
        assert!(!is_debian_12("ID=debian\nVERSION_ID=\"13\"\n"));
        assert!(!is_debian_12("ID=ubuntu\nVERSION_ID=\"12\"\n"));
    }
}
