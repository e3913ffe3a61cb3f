//! The light's pictures, rendered from one drawing by `cargo xtask icons`.

use domain::Light;

/// A picture in the form that trays take: rows of red, green, blue, alpha.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) rgba: Vec<u8>,
}

/// The sizes that panels ask for; a scaled picture is a blurred one.
pub(crate) const SIZES: [u32; 6] = [16, 22, 24, 32, 44, 48];

macro_rules! pictures {
    ($($name:literal)*) => {
        &[$((
            $name,
            [
                include_bytes!(concat!("../../icons/tray/", $name, "-16.png")),
                include_bytes!(concat!("../../icons/tray/", $name, "-22.png")),
                include_bytes!(concat!("../../icons/tray/", $name, "-24.png")),
                include_bytes!(concat!("../../icons/tray/", $name, "-32.png")),
                include_bytes!(concat!("../../icons/tray/", $name, "-44.png")),
                include_bytes!(concat!("../../icons/tray/", $name, "-48.png")),
            ],
        )),*]
    };
}

/// Each picture's name and its PNG in every size.
const PICTURES: &[(&str, [&[u8]; SIZES.len()])] = pictures!(
    "online" "away" "transfers_only" "offline"
    "online-unconfirmed" "away-unconfirmed" "transfers_only-unconfirmed" "offline-unconfirmed"
    "switching" "not_confirmed" "unreachable" "locked" "signed_out"
);

/// A light's picture as PNG, in the smallest size of at least `size` pixels.
pub(crate) fn png(light: Light, size: u32) -> &'static [u8] {
    let index = SIZES
        .iter()
        .position(|known| *known >= size)
        .unwrap_or(SIZES.len() - 1);
    PICTURES
        .iter()
        .find(|(name, _)| *name == light.picture())
        .map_or(&[], |(_, sizes)| sizes[index])
}

/// A light's picture, decoded.
pub(crate) fn picture(light: Light, size: u32) -> Option<Picture> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png(light, size)))
        .read_info()
        .ok()?;
    let mut rgba = vec![0; reader.output_buffer_size()?];
    let frame = reader.next_frame(&mut rgba).ok()?;
    let is_rgba =
        frame.color_type == png::ColorType::Rgba && frame.bit_depth == png::BitDepth::Eight;
    is_rgba.then_some(Picture {
        width: frame.width,
        height: frame.height,
        rgba,
    })
}

#[cfg(test)]
mod tests {
    use domain::StatusKind::{Away, Offline, Online, TransfersOnly};

    use super::*;

    #[test]
    fn every_light_has_a_picture_of_its_own_in_every_size() {
        let kinds = [Online, Away, TransfersOnly, Offline];
        let plain = [
            Light::Switching,
            Light::NotConfirmed,
            Light::Unreachable,
            Light::Locked,
            Light::SignedOut,
        ];
        let lights: Vec<Light> = kinds
            .map(Light::Status)
            .into_iter()
            .chain(kinds.map(Light::Unconfirmed))
            .chain(plain)
            .collect();
        for size in SIZES {
            let mut seen = Vec::new();
            for light in &lights {
                let picture = picture(*light, size)
                    .unwrap_or_else(|| panic!("{} at {size}", light.picture()));
                assert_eq!((picture.width, picture.height), (size, size));
                assert!(
                    !seen.contains(&picture),
                    "{} at {size} looks like another",
                    light.picture()
                );
                seen.push(picture);
            }
        }
    }
}
