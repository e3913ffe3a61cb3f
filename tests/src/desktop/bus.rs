//! The session's own message bus.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::place::Place;
use super::program::{Program, first_line};

/// Starts a bus on which only services that the session's parts ask for can be started on demand.
pub(super) fn start_bus(place: &Place) -> Program {
    let config = place.folder().join("bus.conf");
    fs::write(&config, configuration(place.folder())).expect("own folders are writable");
    let mut command = place.command("dbus-daemon");
    command
        .arg(format!("--config-file={}", config.display()))
        .args(["--nofork", "--print-address=1"]);
    let (program, output) = Program::start_piped("dbus-daemon", &place.logs(), command);
    assert!(
        first_line(output, Duration::from_secs(10)).is_some(),
        "the session bus does not start: {}",
        program.errors()
    );
    program
}

fn configuration(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <keep_umask/>
  <listen>unix:path={folder}/run/bus</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{folder}/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#
    )
}
