//! Lists the window's commands, so that each has to be granted in a capability.

fn main() {
    let commands = tauri_build::AppManifest::new().commands(&[
        "view",
        "act",
        "ask",
        "sign_in",
        "sign_in_by_browser",
        "stop_sign_in",
        "for_a_time",
    ]);
    if let Err(error) =
        tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands))
    {
        panic!("the Tauri build step failed: {error:#}");
    }
}
