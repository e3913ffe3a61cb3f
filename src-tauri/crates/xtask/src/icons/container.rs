//! Files that hold several pictures: Windows' `.ico` and Apple's `.icns`.

use std::io::Cursor;

use ico::{IconDir, IconDirEntry, IconImage, ResourceType};
use resvg::tiny_skia::{IntSize, Pixmap};

use crate::Result;

/// Apple's names for a PNG of each size.
const ICNS_TYPES: [(&[u8; 4], u32); 7] = [
    (b"icp4", 16),
    (b"ic11", 32),
    (b"ic12", 64),
    (b"ic07", 128),
    (b"ic08", 256),
    (b"ic09", 512),
    (b"ic10", 1024),
];

/// The sizes that [`write_icns`] can hold.
pub(crate) fn icns_sizes() -> impl Iterator<Item = u32> {
    ICNS_TYPES.iter().map(|(_, size)| *size)
}

/// Writes a Windows icon.
///
/// # Errors
///
/// If a picture is larger than an icon may be.
pub(crate) fn write_ico(pictures: &[Pixmap]) -> Result<Vec<u8>> {
    let mut icon = IconDir::new(ResourceType::Icon);
    for picture in pictures {
        let (width, height) = (picture.width(), picture.height());
        let image = IconImage::from_rgba_data(width, height, straight(picture));
        // Resource compilers and old shells read PNG in the large entry only.
        icon.add_entry(if width < 256 {
            IconDirEntry::encode_as_bmp(&image)?
        } else {
            IconDirEntry::encode_as_png(&image)?
        });
    }
    let mut bytes = Vec::new();
    icon.write(&mut bytes)?;
    Ok(bytes)
}

/// Reads the pictures of a Windows icon.
///
/// # Errors
///
/// If the bytes are not an icon.
pub(crate) fn read_ico(bytes: &[u8]) -> Result<Vec<Pixmap>> {
    let icon = IconDir::read(Cursor::new(bytes))?;
    icon.entries()
        .iter()
        .map(|entry| {
            let image = entry.decode()?;
            premultiplied(image.width(), image.height(), image.rgba_data())
        })
        .collect()
}

/// Writes an Apple icon: a header, then each picture as PNG behind its name and length.
///
/// # Errors
///
/// If a picture has a size that the format has no name for.
pub(crate) fn write_icns(pictures: &[Pixmap]) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    for picture in pictures {
        let (name, _) = ICNS_TYPES
            .iter()
            .find(|(_, size)| *size == picture.width())
            .ok_or_else(|| format!("an .icns file holds no {} pixels", picture.width()))?;
        let png = picture.encode_png()?;
        body.extend_from_slice(*name);
        body.extend_from_slice(&u32::try_from(png.len() + 8)?.to_be_bytes());
        body.extend_from_slice(&png);
    }
    let mut bytes = b"icns".to_vec();
    bytes.extend_from_slice(&u32::try_from(body.len() + 8)?.to_be_bytes());
    bytes.extend_from_slice(&body);
    Ok(bytes)
}

/// Reads the PNG pictures of an Apple icon.
///
/// # Errors
///
/// If the bytes are not an icon, or cut short.
pub(crate) fn read_icns(bytes: &[u8]) -> Result<Vec<Pixmap>> {
    let mut rest = bytes
        .strip_prefix(b"icns")
        .and_then(|rest| rest.get(4..))
        .ok_or("not an .icns file")?;
    let mut pictures = Vec::new();
    while !rest.is_empty() {
        let length = rest
            .get(4..8)
            .and_then(|length| length.try_into().ok())
            .map(u32::from_be_bytes)
            .ok_or("the .icns file is cut short")?;
        let length = usize::try_from(length)?;
        let png = rest.get(8..length).ok_or("the .icns file is cut short")?;
        pictures.push(Pixmap::decode_png(png)?);
        rest = &rest[length..];
    }
    Ok(pictures)
}

fn straight(picture: &Pixmap) -> Vec<u8> {
    picture
        .pixels()
        .iter()
        .flat_map(|pixel| {
            let color = pixel.demultiply();
            [color.red(), color.green(), color.blue(), color.alpha()]
        })
        .collect()
}

fn premultiplied(width: u32, height: u32, rgba: &[u8]) -> Result<Pixmap> {
    let data = rgba
        .chunks_exact(4)
        .flat_map(|p| {
            let color = resvg::tiny_skia::ColorU8::from_rgba(p[0], p[1], p[2], p[3]).premultiply();
            [color.red(), color.green(), color.blue(), color.alpha()]
        })
        .collect();
    let size = IntSize::from_wh(width, height).ok_or("a picture needs a size")?;
    Ok(Pixmap::from_vec(data, size).ok_or("the picture does not fill its size")?)
}

#[cfg(test)]
mod tests {
    use resvg::tiny_skia::Color;

    use super::*;

    fn pictures(sizes: &[u32]) -> Vec<Pixmap> {
        sizes
            .iter()
            .map(|size| {
                let mut picture = Pixmap::new(*size, *size).unwrap();
                picture.fill(Color::from_rgba8(40, 200, 90, 255));
                picture
            })
            .collect()
    }

    #[test]
    fn a_windows_icon_gives_back_its_pictures() {
        let written = pictures(&[16, 32, 256]);
        let read = read_ico(&write_ico(&written).unwrap()).unwrap();
        assert_eq!(read, written);
    }

    #[test]
    fn an_apple_icon_gives_back_its_pictures() {
        let written = pictures(&[16, 128]);
        let read = read_icns(&write_icns(&written).unwrap()).unwrap();
        assert_eq!(read, written);
    }

    #[test]
    fn an_apple_icon_refuses_a_size_it_has_no_name_for() {
        assert!(write_icns(&pictures(&[17])).is_err());
    }

    #[test]
    fn an_apple_icon_that_is_cut_short_is_an_error() {
        let bytes = write_icns(&pictures(&[16])).unwrap();
        assert!(read_icns(&bytes[..bytes.len() - 3]).is_err());
        assert!(read_icns(b"png").is_err());
    }
}
