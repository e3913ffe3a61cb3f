//! `cargo xtask icons`: every picture of the product, rendered from one SVG source.

mod container;
mod sheet;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use resvg::tiny_skia::Pixmap;

use crate::Result;
use sheet::{Layer, Sheet};

const SOURCE: &str = "icons/statuslight.svg";

/// Largest difference of a colour channel that still counts as the same picture: processors round differently.
const TOLERANCE: u8 = 3;

const TRAY_SIZES: [u32; 6] = [16, 22, 24, 32, 44, 48];

/// Each tray state with its drawings on the 16 grid, on the 22 grid and for the macOS menu bar.
const TRAY_STATES: [(&str, [&str; 3]); 9] = [
    ("online", ["online-16", "online-22", "online-template"]),
    ("away", ["away-16", "away-22", "away-template"]),
    (
        "transfers_only",
        [
            "transfers_only-16",
            "transfers_only-22",
            "transfers_only-template",
        ],
    ),
    ("offline", ["offline-16", "offline-22", "offline-template"]),
    (
        "switching",
        ["switching-16", "switching-22", "switching-template"],
    ),
    (
        "not_confirmed",
        [
            "not_confirmed-16",
            "not_confirmed-22",
            "not_confirmed-template",
        ],
    ),
    (
        "unreachable",
        ["unreachable-16", "unreachable-22", "unreachable-template"],
    ),
    (
        "signed_out",
        ["signed_out-16", "signed_out-22", "signed_out-template"],
    ),
    ("locked", ["locked-16", "locked-22", "locked-template"]),
];

/// The states that also exist with the mark of an unconfirmed status.
const MARKABLE: [&str; 4] = ["online", "away", "transfers_only", "offline"];

/// One file to be written, with its pictures in order.
struct Output {
    path: PathBuf,
    pictures: Vec<Pixmap>,
}

impl Output {
    fn bytes(&self) -> Result<Vec<u8>> {
        match extension(&self.path) {
            "ico" => container::write_ico(&self.pictures),
            "icns" => container::write_icns(&self.pictures),
            _ => {
                let picture = self.pictures.first().ok_or("no picture to write")?;
                Ok(picture.encode_png()?)
            }
        }
    }
}

/// Renders every icon below `root`, or with `check` says which committed ones are out of date.
///
/// # Errors
///
/// If the source cannot be rendered, a file cannot be written, or `check` finds a stale file.
pub(crate) fn run(root: &Path, check: bool) -> Result<()> {
    let outputs = outputs(&Sheet::open(&root.join(SOURCE))?)?;
    if check {
        return self::check(root, &outputs);
    }
    let mut written = 0;
    for output in &outputs {
        let path = root.join(&output.path);
        // Files that show the same are left alone, so that another encoder version makes no noise in the history.
        if state(&path, &output.pictures) == State::Current {
            continue;
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, output.bytes()?)
            .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        written += 1;
    }
    println!("{} icons, {written} of them written anew", outputs.len());
    Ok(())
}

fn check(root: &Path, outputs: &[Output]) -> Result<()> {
    let mut faults = Vec::new();
    for output in outputs {
        match state(&root.join(&output.path), &output.pictures) {
            State::Current => {}
            State::Stale => faults.push(format!("{} is out of date", output.path.display())),
            State::Missing => faults.push(format!("{} is missing", output.path.display())),
        }
    }
    let expected: BTreeSet<_> = outputs.iter().map(|output| output.path.clone()).collect();
    for folder in ["icons/tray", "icons/app"] {
        for file in fs::read_dir(root.join(folder)).into_iter().flatten() {
            let path = Path::new(folder).join(file?.file_name());
            if !expected.contains(&path) {
                faults.push(format!("{} comes from no drawing", path.display()));
            }
        }
    }
    if faults.is_empty() {
        println!("{} icons are up to date", outputs.len());
        return Ok(());
    }
    Err(format!("{}\nrun: cargo xtask icons", faults.join("\n")).into())
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Current,
    Stale,
    Missing,
}

fn state(path: &Path, pictures: &[Pixmap]) -> State {
    let Ok(bytes) = fs::read(path) else {
        return State::Missing;
    };
    let committed = match extension(path) {
        "ico" => container::read_ico(&bytes),
        "icns" => container::read_icns(&bytes),
        _ => Pixmap::decode_png(&bytes)
            .map(|picture| vec![picture])
            .map_err(Into::into),
    };
    // A file that cannot be read back is as stale as one that shows something else.
    match committed {
        Ok(committed)
            if committed.len() == pictures.len()
                && committed
                    .iter()
                    .zip(pictures)
                    .all(|(a, b)| looks_same(a, b)) =>
        {
            State::Current
        }
        _ => State::Stale,
    }
}

fn looks_same(a: &Pixmap, b: &Pixmap) -> bool {
    (a.width(), a.height()) == (b.width(), b.height())
        && a.data()
            .iter()
            .zip(b.data())
            .all(|(a, b)| a.abs_diff(*b) <= TOLERANCE)
}

fn extension(path: &Path) -> &str {
    path.extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
}

fn outputs(sheet: &Sheet) -> Result<Vec<Output>> {
    let mut outputs = Vec::new();
    for (name, drawings) in TRAY_STATES {
        tray(sheet, name, drawings, false, &mut outputs)?;
        if MARKABLE.contains(&name) {
            tray(sheet, name, drawings, true, &mut outputs)?;
        }
    }
    for (name, size) in [
        ("32x32.png", 32),
        ("128x128.png", 128),
        ("128x128@2x.png", 256),
        ("icon.png", 512),
    ] {
        outputs.push(app(name, vec![app_picture(sheet, size)?]));
    }
    let pictures = |sizes: &mut dyn Iterator<Item = u32>| {
        sizes
            .map(|size| app_picture(sheet, size))
            .collect::<Result<Vec<_>>>()
    };
    // The first entry is the one that Windows development builds show.
    outputs.push(app(
        "icon.ico",
        pictures(&mut [32, 16, 24, 48, 64, 256].into_iter())?,
    ));
    outputs.push(app("icon.icns", pictures(&mut container::icns_sizes())?));
    Ok(outputs)
}

fn tray(
    sheet: &Sheet,
    name: &str,
    [small, large, template]: [&'static str; 3],
    unconfirmed: bool,
    outputs: &mut Vec<Output>,
) -> Result<()> {
    let suffix = if unconfirmed { "-unconfirmed" } else { "" };
    let mut add = |layers: &[&[Layer]; 2], (grid, border), size, ending: &str| -> Result<()> {
        let shown = if unconfirmed { 2 } else { 1 };
        outputs.push(Output {
            path: PathBuf::from(format!("icons/tray/{name}{suffix}-{ending}.png")),
            pictures: vec![sheet.render(&layers[..shown].concat(), grid, border, size)?],
        });
        Ok(())
    };
    for size in TRAY_SIZES {
        // Whole multiples of a grid keep every edge sharp.
        let (drawing, mark, place) = match size {
            16 => (small, "unconfirmed-16", (16, 0)),
            32 => (small, "unconfirmed-32", (16, 0)),
            24 | 48 => (large, "unconfirmed-22", (22, 1)),
            _ => (large, "unconfirmed-22", (22, 0)),
        };
        let layers: [&[Layer]; 2] = [&[Layer::Paint(drawing)], &[Layer::Paint(mark)]];
        add(&layers, place, size, &size.to_string())?;
    }
    let mark = [
        Layer::Cut("unconfirmed-template-cut"),
        Layer::Paint("unconfirmed-template"),
    ];
    add(&[&[Layer::Paint(template)], &mark], (22, 0), 44, "template")
}

fn app(name: &str, pictures: Vec<Pixmap>) -> Output {
    Output {
        path: Path::new("icons/app").join(name),
        pictures,
    }
}

fn app_picture(sheet: &Sheet, size: u32) -> Result<Pixmap> {
    // Below 64 pixels the details of the large drawing turn to mud.
    let (drawing, grid) = match size {
        0..24 => ("app-16", 16),
        24..64 => ("app-32", 32),
        _ => ("app-512", 512),
    };
    sheet.render(&[Layer::Paint(drawing)], grid, 0, size)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(alpha: u8) -> Pixmap {
        let mut picture = Pixmap::new(2, 2).unwrap();
        picture.data_mut()[7] = alpha;
        picture
    }

    #[test]
    fn rounding_of_another_processor_is_the_same_picture() {
        assert!(looks_same(&picture(100), &picture(101)));
    }

    #[test]
    fn one_changed_pixel_is_another_picture() {
        assert!(!looks_same(&picture(0), &picture(255)));
    }

    #[test]
    fn a_file_that_is_no_picture_is_stale_and_none_is_missing() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(state(&here.join("Cargo.toml"), &[picture(0)]), State::Stale);
        assert_eq!(state(&here.join("none.png"), &[picture(0)]), State::Missing);
    }
}
