//! Pictures of the screen, of windows and of icons.

use std::fs::{self, File};
use std::io::{self, BufWriter, Cursor};
use std::path::Path;

/// A rectangle on the screen or in a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// Distance from the left.
    pub x: u32,
    /// Distance from the top.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

impl Area {
    /// The point in its middle.
    pub fn middle(self) -> (u32, u32) {
        (self.x + self.width / 2, self.y + self.height / 2)
    }

    /// The same rectangle with `margin` around it; `Screen` cuts what hangs over its edge.
    #[must_use]
    pub fn grown(self, margin: u32) -> Self {
        let (x, y) = (self.x.saturating_sub(margin), self.y.saturating_sub(margin));
        Self {
            x,
            y,
            width: self.x + self.width + margin - x,
            height: self.y + self.height + margin - y,
        }
    }

    /// True when the point lies within.
    pub fn contains_point(self, (x, y): (u32, u32)) -> bool {
        self.contains(Self {
            x,
            y,
            width: 1,
            height: 1,
        })
    }

    /// True when `other` lies wholly within.
    pub fn contains(self, other: Self) -> bool {
        self.x <= other.x
            && self.y <= other.y
            && other.x + other.width <= self.x + self.width
            && other.y + other.height <= self.y + self.height
    }
}

/// A picture of four bytes (red, green, blue, alpha) a pixel.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    width: u32,
    height: u32,
    rgba: Vec<u8>,
}

impl Picture {
    /// A picture of these pixels.
    #[track_caller]
    pub fn new(width: u32, height: u32, rgba: Vec<u8>) -> Self {
        assert_eq!(
            rgba.len(),
            width as usize * height as usize * 4,
            "{width}x{height} pixels of four bytes"
        );
        Self {
            width,
            height,
            rgba,
        }
    }

    /// A picture from the pixmap of a StatusNotifierItem (alpha, red, green, blue).
    #[track_caller]
    pub fn from_argb(width: u32, height: u32, argb: &[u8]) -> Self {
        Self::new(
            width,
            height,
            argb.chunks_exact(4)
                .flat_map(|p| [p[1], p[2], p[3], p[0]])
                .collect(),
        )
    }

    /// A picture from the bytes of a PNG file.
    #[track_caller]
    pub fn from_png(bytes: &[u8]) -> Self {
        let mut decoder = png::Decoder::new(Cursor::new(bytes));
        decoder.set_transformations(
            png::Transformations::normalize_to_color8() | png::Transformations::ALPHA,
        );
        let mut reader = decoder.read_info().expect("a PNG file");
        let mut pixels = vec![
            0;
            reader
                .output_buffer_size()
                .expect("a PNG file of usual size")
        ];
        let info = reader.next_frame(&mut pixels).expect("a PNG file");
        let rgba = match info.color_type {
            png::ColorType::GrayscaleAlpha => pixels
                .chunks_exact(2)
                .flat_map(|p| [p[0], p[0], p[0], p[1]])
                .collect(),
            _ => pixels,
        };
        Self::new(info.width, info.height, rgba)
    }

    /// Writes it as a PNG file, making the folder where needed.
    #[track_caller]
    pub fn save(&self, path: &Path) {
        self.try_save(path)
            .unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
    }

    pub(super) fn try_save(&self, path: &Path) -> io::Result<()> {
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        let mut encoder =
            png::Encoder::new(BufWriter::new(File::create(path)?), self.width, self.height);
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_compression(png::Compression::Balanced);
        encoder.set_filter(png::Filter::NoFilter);
        encoder.write_header()?.write_image_data(&self.rgba)?;
        Ok(())
    }

    /// Width in pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The pixel at a point, as red, green, blue, alpha.
    pub fn pixel(&self, x: u32, y: u32) -> [u8; 4] {
        let start = (y as usize * self.width as usize + x as usize) * 4;
        [
            self.rgba[start],
            self.rgba[start + 1],
            self.rgba[start + 2],
            self.rgba[start + 3],
        ]
    }

    /// A short text that is the same for the same pixels.
    pub fn hash(&self) -> String {
        let sizes = [self.width, self.height].map(u32::to_le_bytes);
        let all = sizes.iter().flatten().chain(&self.rgba);
        // FNV-1a: stable over runs and versions, unlike the hasher of the standard library.
        let hash = all.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
        });
        format!("{hash:016x}")
    }

    /// The part of it that lies in `area`.
    #[must_use]
    pub fn crop(&self, area: Area) -> Self {
        let width = area.width.min(self.width.saturating_sub(area.x));
        let height = area.height.min(self.height.saturating_sub(area.y));
        let rgba = (0..height)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .flat_map(|(x, y)| self.pixel(area.x + x, area.y + y))
            .collect();
        Self {
            width,
            height,
            rgba,
        }
    }

    /// The colour that most pixels have.
    pub fn commonest_colour(&self) -> [u8; 4] {
        let mut pixels: Vec<&[u8]> = self.rgba.chunks_exact(4).collect();
        pixels.sort_unstable();
        let longest = pixels.chunk_by(|a, b| a == b).max_by_key(|run| run.len());
        longest.map_or([0; 4], |run| [run[0][0], run[0][1], run[0][2], run[0][3]])
    }

    /// True when all pixels have one colour.
    pub fn is_plain(&self) -> bool {
        self.rgba
            .chunks_exact(4)
            .all(|pixel| pixel == &self.rgba[..4])
    }

    /// The smallest rectangle that holds every pixel for which `is_part` holds.
    pub fn bounds(&self, is_part: impl Fn(u32, u32) -> bool) -> Option<Area> {
        let points = (0..self.height).flat_map(|y| (0..self.width).map(move |x| (x, y)));
        let mut bounds: Option<[u32; 4]> = None;
        for (x, y) in points.filter(|(x, y)| is_part(*x, *y)) {
            let [left, top, right, bottom] = bounds.unwrap_or([x, y, x, y]);
            bounds = Some([left.min(x), top.min(y), right.max(x), bottom.max(y)]);
        }
        bounds.map(|[left, top, right, bottom]| Area {
            x: left,
            y: top,
            width: right - left + 1,
            height: bottom - top + 1,
        })
    }

    /// The smallest rectangle outside which both pictures are the same; the whole when their sizes differ.
    pub fn difference(&self, other: &Self) -> Option<Area> {
        if (self.width, self.height) != (other.width, other.height) {
            return Some(Area {
                x: 0,
                y: 0,
                width: self.width,
                height: self.height,
            });
        }
        self.bounds(|x, y| self.pixel(x, y) != other.pixel(x, y))
    }

    /// The picture at another size: each new pixel is the mean of the old ones below it, weighted by their alpha.
    #[must_use]
    pub fn scaled(&self, width: u32, height: u32) -> Self {
        // In 1/240 of a pixel, which the usual icon sizes divide well enough.
        let span = |index: u32, new: u32, old: u32| {
            (index * old * 240 / new, (index + 1) * old * 240 / new)
        };
        let mut rgba = Vec::with_capacity(width as usize * height as usize * 4);
        for y in 0..height {
            let rows = span(y, height, self.height);
            for x in 0..width {
                let columns = span(x, width, self.width);
                rgba.extend(self.mean(columns, rows));
            }
        }
        Self {
            width,
            height,
            rgba,
        }
    }

    /// The mean colour of a rectangle given in 1/240 of a pixel.
    fn mean(&self, columns: (u32, u32), rows: (u32, u32)) -> [u8; 4] {
        let share = |index: u32, (start, end): (u32, u32)| {
            u64::from(
                ((index + 1) * 240)
                    .min(end)
                    .saturating_sub((index * 240).max(start)),
            )
        };
        let (mut colour, mut alpha, mut whole) = ([0_u64; 3], 0_u64, 0_u64);
        for y in rows.0 / 240..rows.1.div_ceil(240).min(self.height) {
            for x in columns.0 / 240..columns.1.div_ceil(240).min(self.width) {
                let weight = share(x, columns) * share(y, rows);
                let [red, green, blue, opacity] = self.pixel(x, y).map(u64::from);
                for (sum, value) in colour.iter_mut().zip([red, green, blue]) {
                    *sum += value * opacity * weight;
                }
                alpha += opacity * weight;
                whole += weight;
            }
        }
        let byte = |value: u64| u8::try_from(value.min(255)).unwrap_or(u8::MAX);
        let [red, green, blue] = colour.map(|sum| byte(sum.checked_div(alpha).unwrap_or(0)));
        [
            red,
            green,
            blue,
            byte(alpha.checked_div(whole).unwrap_or(0)),
        ]
    }
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({}x{} {})", self.width, self.height, self.hash())
    }
}
