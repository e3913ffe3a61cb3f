//! Packages of the operating system: what is needed, what is missing, how it comes in.

use std::collections::BTreeSet;
use std::path::Path;

use crate::Result;
use crate::process::{is_installed, output_of, program, run};

/// Packages that serve one purpose, by the names of each system.
pub(crate) struct Group {
    purpose: &'static str,
    /// Debian and Ubuntu.
    apt: &'static [&'static str],
    /// Fedora and its kin; empty where the names are not known to be right.
    dnf: &'static [&'static str],
    /// Arch and its kin; empty where the names are not known to be right.
    pacman: &'static [&'static str],
    /// Libraries that show, on any system, that it is there.
    libraries: &'static [&'static str],
    /// Programs that show, on any system, that it is there.
    programs: &'static [&'static str],
}

/// What the shell is compiled and linked with.
pub(crate) const BUILD: Group = Group {
    purpose: "building the app",
    apt: &["libgtk-3-dev", "libwebkit2gtk-4.1-dev", "pkg-config"],
    dnf: &["gtk3-devel", "pkgconf-pkg-config", "webkit2gtk4.1-devel"],
    pacman: &["gtk3", "pkgconf", "webkit2gtk-4.1"],
    libraries: &["gtk+-3.0", "webkit2gtk-4.1"],
    programs: &["pkg-config"],
};

/// A desktop without a screen: display, bus, window manager, panel, keyring, notifications, and hands to use them.
pub(crate) const DESKTOP: Group = Group {
    purpose: "a desktop of its own for the tests and the demo",
    apt: &[
        "dbus-daemon",
        "dunst",
        "fonts-dejavu-core",
        "gnome-keyring",
        "libnotify-bin",
        "libsecret-tools",
        "openbox",
        "webkit2gtk-driver",
        "xfce4-panel",
        "xvfb",
    ],
    dnf: &[],
    pacman: &[],
    libraries: &[],
    programs: &[
        "Xvfb",
        "WebKitWebDriver",
        "dbus-daemon",
        "dunst",
        "gnome-keyring-daemon",
        "notify-send",
        "openbox",
        "secret-tool",
        "xfce4-panel",
    ],
};

/// A real browser, for the tests of signing in: Debian has one of its own, Ubuntu's package only fetches a snap.
pub(crate) const BROWSER: Group = Group {
    purpose: "signing in by a real browser in the tests",
    apt: &["chromium", "chromium-driver"],
    dnf: &[],
    pacman: &[],
    libraries: &[],
    programs: &[],
};

/// The C compiler and the system's libraries of Windows.
pub(crate) const MINGW: Group = Group {
    purpose: "compiling for Windows",
    apt: &["g++-mingw-w64-x86-64-win32", "gcc-mingw-w64-x86-64-win32"],
    dnf: &["mingw64-gcc", "mingw64-gcc-c++"],
    pacman: &["mingw-w64-gcc"],
    libraries: &[],
    programs: &["x86_64-w64-mingw32-gcc"],
};

/// Windows' own calls, made on Linux.
pub(crate) const WINE: Group = Group {
    purpose: "running the tests for Windows",
    apt: &["wine", "wine64"],
    dnf: &["wine-core"],
    pacman: &["wine"],
    libraries: &[],
    programs: &["wine"],
};

/// What the desktop tests need on this machine.
pub(crate) fn for_desktop_tests() -> Vec<&'static Group> {
    if has_browser(&os_release()) {
        vec![&BUILD, &DESKTOP, &BROWSER]
    } else {
        vec![&BUILD, &DESKTOP]
    }
}

fn has_browser(os_release: &str) -> bool {
    says(os_release, "ID=debian")
}

/// What this machine says of its system; nothing where it does not.
pub(crate) fn os_release() -> String {
    std::fs::read_to_string("/etc/os-release").unwrap_or_default()
}

/// Whether a line stands there.
pub(crate) fn says(os_release: &str, line: &str) -> bool {
    os_release.lines().any(|known| known == line)
}

/// How packages come in on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum System {
    Apt,
    Dnf,
    Pacman,
    Other,
}

/// Installs what is missing of the groups, naming it first.
///
/// # Errors
///
/// If the installation fails, or if it cannot be done from here; then with the command to run.
pub(crate) fn install(groups: &[&Group]) -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let system = system();
    if system != System::Apt {
        return require_elsewhere(system, groups);
    }
    let missing = missing_packages(groups)?;
    if missing.is_empty() {
        return Ok(());
    }
    println!("These system packages are missing:");
    for group in groups {
        let of_group: Vec<&str> = missing_of(group, &missing);
        if !of_group.is_empty() {
            println!("  for {}: {}", group.purpose, of_group.join(" "));
        }
    }
    let prefix = privilege().ok_or_else(|| {
        format!(
            "they can be installed by root only, and there is no sudo; run as root:\n{}",
            apt_command(&missing)
        )
    })?;
    println!("Installing them with apt-get.");
    run(apt(prefix).arg("update"))?;
    run(apt(prefix)
        .args(["install", "-y", "--no-install-recommends"])
        .args(&missing))?;
    let missing = missing_packages(groups)?;
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "apt-get ended well, but these are still missing: {}",
        missing.join(" ")
    )
    .into())
}

/// Fails if a package of the groups is missing, and installs nothing.
///
/// # Errors
///
/// If something is missing; with the command that installs it.
pub(crate) fn require(groups: &[&Group]) -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let system = system();
    if system != System::Apt {
        return require_elsewhere(system, groups);
    }
    let missing = missing_packages(groups)?;
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "system packages are missing; run as root:\n{}",
        apt_command(&missing)
    )
    .into())
}

fn require_elsewhere(system: System, groups: &[&Group]) -> Result<()> {
    let here = Path::new(".");
    let faults: Vec<String> = groups
        .iter()
        .filter_map(|group| {
            let libraries = group.libraries.iter().filter(|library| {
                output_of(program("pkg-config", here).args(["--exists", library])).is_err()
            });
            let programs = group.programs.iter().filter(|name| !is_installed(name));
            let missing: Vec<&str> = libraries.chain(programs).copied().collect();
            (!missing.is_empty()).then(|| elsewhere(system, group, &missing))
        })
        .collect();
    if faults.is_empty() {
        return Ok(());
    }
    Err(faults.join("\n").into())
}

fn elsewhere(system: System, group: &Group, missing: &[&str]) -> String {
    let missing = missing.join(", ");
    let command = match system {
        System::Dnf if !group.dnf.is_empty() => {
            format!("run: sudo dnf install {}", group.dnf.join(" "))
        }
        System::Pacman if !group.pacman.is_empty() => {
            format!("run: sudo pacman -S --needed {}", group.pacman.join(" "))
        }
        _ => format!(
            "install what your system calls them; on Debian and Ubuntu the command is:\n{}",
            apt_command(group.apt)
        ),
    };
    format!(
        "for {} these are missing: {missing}\n{command}",
        group.purpose
    )
}

fn apt_command(packages: &[&str]) -> String {
    format!(
        "apt-get update && apt-get install -y --no-install-recommends {}",
        packages.join(" ")
    )
}

fn apt(prefix: &[&str]) -> std::process::Command {
    let words: Vec<&str> = prefix
        .iter()
        .copied()
        .chain([
            "env",
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            // A machine that has just started may be installing updates.
            "-o",
            "DPkg::Lock::Timeout=300",
        ])
        .collect();
    let mut command = program(words[0], Path::new("/"));
    command.args(&words[1..]);
    command
}

/// What to put before a command that only root may run, or nothing if there is no way.
fn privilege() -> Option<&'static [&'static str]> {
    let id = output_of(program("id", Path::new("/")).arg("-u")).unwrap_or_default();
    if id.trim() == "0" {
        Some(&[])
    } else if is_installed("sudo") {
        Some(&["sudo"])
    } else {
        None
    }
}

fn missing_packages(groups: &[&Group]) -> Result<Vec<&'static str>> {
    let wanted: BTreeSet<&str> = groups.iter().flat_map(|group| group.apt).copied().collect();
    // It ends with 1 when it knows nothing of one of them, which is an answer here.
    let output = program("dpkg-query", Path::new("/"))
        .args(["-W", "-f", "${db:Status-Status} ${Package}\n"])
        .args(&wanted)
        .output()
        .map_err(|error| format!("cannot start dpkg-query: {error}"))?;
    let installed = installed(&String::from_utf8_lossy(&output.stdout));
    Ok(wanted
        .into_iter()
        .filter(|package| !installed.contains(*package))
        .collect())
}

fn missing_of<'a>(group: &Group, missing: &[&'a str]) -> Vec<&'a str> {
    missing
        .iter()
        .copied()
        .filter(|package| group.apt.contains(package))
        .collect()
}

fn installed(said: &str) -> BTreeSet<String> {
    said.lines()
        .filter_map(|line| line.strip_prefix("installed "))
        .map(str::to_owned)
        .collect()
}

fn system() -> System {
    system_of(&os_release())
}

fn system_of(os_release: &str) -> System {
    let ids: Vec<&str> = os_release
        .lines()
        .filter_map(|line| {
            line.strip_prefix("ID=")
                .or_else(|| line.strip_prefix("ID_LIKE="))
        })
        .flat_map(|value| value.trim_matches(['"', '\'']).split_whitespace())
        .collect();
    let is = |names: &[&str]| ids.iter().any(|id| names.contains(id));
    if is(&["debian", "ubuntu"]) {
        System::Apt
    } else if is(&["fedora", "rhel"]) {
        System::Dnf
    } else if is(&["arch"]) {
        System::Pacman
    } else {
        System::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_known_by_its_own_name_or_by_its_kin() {
        for (text, system) in [
            (
                "PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\n",
                System::Apt,
            ),
            ("ID=ubuntu\nID_LIKE=debian\n", System::Apt),
            ("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", System::Apt),
            (
                "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n",
                System::Dnf,
            ),
            ("ID=manjaro\nID_LIKE=arch\n", System::Pacman),
            ("ID=nixos\nVERSION_ID=debian\n", System::Other),
            ("", System::Other),
        ] {
            assert_eq!(system_of(text), system, "{text}");
        }
    }

    #[test]
    fn only_debian_itself_has_a_browser_of_its_own() {
        assert!(has_browser(
            "PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\n"
        ));
        assert!(!has_browser("ID=ubuntu\nID_LIKE=debian\n"));
    }

    #[test]
    fn a_package_that_was_removed_but_left_its_settings_is_missing() {
        let said = "installed dbus\nconfig-files dunst\nnot-installed xvfb\n";
        assert_eq!(installed(said), BTreeSet::from(["dbus".to_owned()]));
    }

    #[test]
    fn without_a_known_name_the_missing_program_and_the_debian_command_are_told() {
        let told = elsewhere(System::Dnf, &DESKTOP, &["Xvfb"]);
        assert!(
            told.contains("Xvfb") && told.contains("apt-get install"),
            "{told}"
        );
        let told = elsewhere(System::Dnf, &BUILD, &["webkit2gtk-4.1"]);
        assert!(
            told.contains("sudo dnf install") && !told.contains("apt-get"),
            "{told}"
        );
    }
}
